// served_storefront.hpp - the storefront with services over HTTP, as the command line names them.
#pragma once
#include "storefront.hpp"
#include <csgi/plugin.hpp>
#include <http_client/async_client.hpp>
#include <http_client/blocking_client.hpp>

struct storefront_arguments {
  std::string promotions = "http://127.0.0.1:8001";
  std::string recommendations = "http://127.0.0.1:8002";
  std::chrono::milliseconds timeout{1000};      ///< for each section

  /// "--promotions URL", "--recommendations URL", "--timeout MS", all optional, each also as --name=value.
  ///
  /// Errors:    std::invalid_argument for others.
  static storefront_arguments parse(csgi::arguments given);
};

class storefront final : public csgi::composite_app, public csgi::described {
 public:
  /// Errors:    std::invalid_argument; std::system_error, where a service's host has no address.
  explicit storefront(csgi::arguments given) : storefront(storefront_arguments::parse(given)) {}
  explicit storefront(const storefront_arguments& given)
      : storefront(upstream::origin(given.promotions), upstream::origin(given.recommendations), given.timeout) {}

  csgi::application choose(const csgi::request& head) noexcept override { return pages_.choose(head); }
  std::span<const csgi::application> parts() const noexcept override { return pages_.parts(); }
  void describe(csgi::description& to) const override { pages_.describe(to); }

 private:
  storefront(const upstream::origin& promotions, const upstream::origin& recommendations, std::chrono::milliseconds timeout);

  upstream::blocking_client promotions_, recommendations_;
  upstream::async_client promotions_awaited_, recommendations_awaited_;
  storefront_pages pages_;
};
