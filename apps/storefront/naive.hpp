// naive.hpp - the home page by coroutines that await one question after the other.
#pragma once
#include "visit.hpp"
#include <csgi/async_app.hpp>
#include <http_client/service.hpp>

/// Takes as long as sequential, but no thread: what "async" alone brings.
///
/// Lifetime:  the services are borrowed.
class naive final : public csgi::async_app {
 public:
  naive(upstream::async_service& promotions, upstream::async_service& recommendations, calendar days,
        std::chrono::milliseconds timeout) noexcept
      : promotions_(promotions), recommendations_(recommendations), days_(days), timeout_(timeout) {}

  csgi::task<> http(csgi::async_exchange ex) override { return answer(ex, *this); }

 private:
  static csgi::task<> answer(csgi::async_exchange ex, naive& self);

  upstream::async_service& promotions_;
  upstream::async_service& recommendations_;
  const calendar days_;
  const std::chrono::milliseconds timeout_;
};
