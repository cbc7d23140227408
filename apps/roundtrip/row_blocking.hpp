// row_blocking.hpp - asks for one city after the other, and blocks meanwhile.
#pragma once
#include <csgi/app.hpp>
#include <http_client/service.hpp>

/// Takes as long as all answers together.
///
/// Lifetime:  the service is borrowed.
class row_blocking final : public csgi::blocking_app {
 public:
  row_blocking(upstream::blocking_service& weather, std::chrono::milliseconds timeout) noexcept : weather_(weather), timeout_(timeout) {}

  void http(csgi::blocking_exchange ex) override;

 private:
  upstream::blocking_service& weather_;
  const std::chrono::milliseconds timeout_;
};
