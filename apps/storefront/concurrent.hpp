// concurrent.hpp - the home page by coroutines that ask both questions at the same time.
#pragma once
#include "visit.hpp"
#include <csgi/async_app.hpp>
#include <http_client/service.hpp>

/// Takes as long as the slower service.
///
/// Lifetime:  the services are borrowed.
class concurrent final : public csgi::async_app {
 public:
  concurrent(upstream::async_service& promotions, upstream::async_service& recommendations, calendar days,
        std::chrono::milliseconds timeout) noexcept
      : promotions_(promotions), recommendations_(recommendations), days_(days), timeout_(timeout) {}

  csgi::task<> http(csgi::async_exchange ex) override { return answer(ex, *this); }

 private:
  static csgi::task<> answer(csgi::async_exchange ex, concurrent& self);

  upstream::async_service& promotions_;
  upstream::async_service& recommendations_;
  const calendar days_;
  const std::chrono::milliseconds timeout_;
};
