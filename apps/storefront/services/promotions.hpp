// promotions.hpp - a stand-in for the service that knows what is on offer on a day.
#pragma once
#include <chrono>
#include <csgi/async_app.hpp>
#include <csgi/plugin.hpp>

/// GET /?date=2026-11-21 answers {"items": [{"title": …, "text": …, "price": …}, …]}, other items each weekday, after a delay.
/// 400 for what is no date.
class promotions final : public csgi::async_app {
 public:
  /// "--delay MS"
  ///
  /// Errors:    std::invalid_argument for others.
  explicit promotions(csgi::arguments given);
  explicit promotions(std::chrono::milliseconds delay) noexcept : delay_(delay) {}

  csgi::task<> http(csgi::async_exchange ex) override;

 private:
  const std::chrono::milliseconds delay_;
};
