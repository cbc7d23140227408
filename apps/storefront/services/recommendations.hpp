// recommendations.hpp - a stand-in for the service that knows what somebody might like.
#pragma once
#include <chrono>
#include <csgi/async_app.hpp>
#include <csgi/plugin.hpp>

/// GET /?user=ada answers {"items": [{"title": …, "text": …, "price": …}, …]}, always the same for the same name, after a
/// delay. 404 for who has no name.
class recommendations final : public csgi::async_app {
 public:
  /// "--delay MS"
  ///
  /// Errors:    std::invalid_argument for others.
  explicit recommendations(csgi::arguments given);
  explicit recommendations(std::chrono::milliseconds delay) noexcept : delay_(delay) {}

  csgi::task<> http(csgi::async_exchange ex) override;

 private:
  const std::chrono::milliseconds delay_;
};
