// row.hpp - asks for one city after the other, and keeps no thread meanwhile.
#pragma once
#include <csgi/app.hpp>
#include <http_client/service.hpp>

/// Takes as long as row_blocking; but a thousand such requests can wait at once.
///
/// Lifetime:  the service is borrowed.
class row final : public csgi::async_app {
 public:
  row(upstream::async_service& weather, std::chrono::milliseconds timeout) noexcept : weather_(weather), timeout_(timeout) {}

  csgi::task<> http(csgi::async_exchange ex) override;

 private:
  upstream::async_service& weather_;
  const std::chrono::milliseconds timeout_;
};
