// csgi/status/status_app.hpp - tells how a server fares: an app, for another server beside it.
#pragma once
#include <csgi/blocking_app.hpp>
#include <csgi/server.hpp>
#include <csgi/status/traffic.hpp>

namespace csgi::status {

/// /health: 200 while the server takes connections, else 503. /metrics: counters for Prometheus.
///
/// On a server of its own it answers when the other one has neither a thread nor a connection left, and nobody sees it whom
/// its address is not meant for.
/// Lifetime:  all borrowed.
class status_app final : public blocking_app {
 public:
  status_app(server& of, const traffic& seen, std::string_view server_name) noexcept : server_(of), seen_(seen), name_(server_name) {}

  void http(blocking_exchange ex) override;

 private:
  void tell_health(blocking_exchange ex) const;

  server& server_;
  const traffic& seen_;
  const std::string_view name_;
};

}  // namespace csgi::status
