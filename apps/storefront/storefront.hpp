// storefront.hpp - a home page composed of two services, in three ways.
#pragma once
#include "concurrent.hpp"
#include "naive.hpp"
#include "sequential.hpp"
#include "sign_in.hpp"
#include <csgi/chain.hpp>
#include <csgi/middleware/errors.hpp>

/// What the page is made of, by each kind of call, and how long a section is waited for.
struct storefront_services {
  upstream::blocking_service& promotions;
  upstream::blocking_service& recommendations;
  upstream::async_service& promotions_awaited;
  upstream::async_service& recommendations_awaited;
  std::chrono::milliseconds timeout{1000};
  calendar days = today;
};

/// /sequential, /naive and /concurrent, which is what / shows; and /sign-in.
///
/// Lifetime:  the services are borrowed.
class storefront_pages final : public csgi::composite_app, public csgi::described {
 public:
  explicit storefront_pages(const storefront_services& of);

  csgi::application choose(const csgi::request& head) noexcept override;
  std::span<const csgi::application> parts() const noexcept override { return parts_; }
  void describe(csgi::description& to) const override;

 private:
  sequential sequential_;
  naive naive_;
  concurrent concurrent_;
  sign_in sign_in_;
  csgi::chain<csgi::errors, sequential&> sequential_page_{sequential_};
  csgi::chain<csgi::errors, naive&> naive_page_{naive_};
  csgi::chain<csgi::errors, concurrent&> concurrent_page_{concurrent_};
  csgi::chain<csgi::errors, sign_in&> sign_in_page_{sign_in_};
  const csgi::application parts_[4]{sequential_page_, naive_page_, sign_in_page_, concurrent_page_};
};
