// together.hpp - asks for all cities at the same time.
#pragma once
#include <csgi/app.hpp>
#include <http_client/service.hpp>

/// Takes as long as the slowest answer.
///
/// Lifetime:  the service is borrowed.
class together final : public csgi::async_app {
 public:
  together(upstream::async_service& weather, std::chrono::milliseconds timeout) noexcept : weather_(weather), timeout_(timeout) {}

  csgi::task<> http(csgi::async_exchange ex) override;

 private:
  upstream::async_service& weather_;
  const std::chrono::milliseconds timeout_;
};
