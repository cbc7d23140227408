// sequential.hpp - the home page by plain functions: one question after the other.
#pragma once
#include "visit.hpp"
#include <csgi/blocking_app.hpp>
#include <http_client/service.hpp>

/// Takes as long as both services together, and a thread.
///
/// Lifetime:  the services are borrowed.
class sequential final : public csgi::blocking_app {
 public:
  sequential(upstream::blocking_service& promotions, upstream::blocking_service& recommendations, calendar days,
             std::chrono::milliseconds timeout) noexcept
      : promotions_(promotions), recommendations_(recommendations), days_(days), timeout_(timeout) {}

  void http(csgi::blocking_exchange ex) override;

 private:
  upstream::blocking_service& promotions_;
  upstream::blocking_service& recommendations_;
  const calendar days_;
  const std::chrono::milliseconds timeout_;
};
