// led_server.hpp - a server that is stopped by its process's supervisor.
#pragma once
#include <atomic>
#include <csgi/server.hpp>
#include <thread>

namespace csgi::cli {

/// Takes orders from the supervisor, on a thread of its own, while it lives. stop() is for signals that others send: it drains,
/// as often as it is called, since what is sent to a whole group of processes comes to each of them beside the orders.
///
/// Lifetime:  `led` and `link` are borrowed.
class led_server final : public server {
 public:
  led_server(server& led, int link);
  led_server(const led_server&) = delete;
  led_server& operator=(const led_server&) = delete;
  ~led_server() override;

  void run(application app) override { led_.run(app); }
  void stop() noexcept override;
  std::uint16_t port() const noexcept override { return led_.port(); }

 private:
  void take_orders() noexcept;

  server& led_;
  int link_;
  std::atomic<bool> drains_{false};
  std::thread listens_;
};

}  // namespace csgi::cli
