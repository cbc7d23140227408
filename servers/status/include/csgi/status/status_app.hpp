// csgi/status/status_app.hpp - tells how a server fares: an app, for another server beside it.
#pragma once
#include <csgi/blocking_app.hpp>
#include <csgi/server.hpp>
#include <csgi/status/traffic.hpp>
#include <string>

namespace csgi::status {

/// Whether connections are taken, and a line about it.
struct health {
  bool well;
  std::string text;
};

/// What can be asked how it fares.
///
/// Threads:   any. Errors: std::bad_alloc.
class watched {
 public:
  virtual ~watched() = default;
  virtual status::health health() const = 0;
  virtual std::string metrics() const = 0;
};

/// A server of this process. Lifetime: all borrowed.
class watched_server final : public watched {
 public:
  watched_server(server& of, const traffic& seen, std::string_view name) noexcept : server_(of), seen_(seen), name_(name) {}

  status::health health() const override;
  std::string metrics() const override;

 private:
  server& server_;
  const traffic& seen_;
  const std::string_view name_;
};

/// /health: 200 while connections are taken, else 503. /metrics: counters for Prometheus.
///
/// On a server of its own it answers when the other one has neither a thread nor a connection left, and nobody sees it whom
/// its address is not meant for.
/// Lifetime:  borrowed.
class status_app final : public blocking_app {
 public:
  explicit status_app(const watched& of) noexcept : watched_(of) {}

  void http(blocking_exchange ex) override;

 private:
  const watched& watched_;
};

}  // namespace csgi::status
