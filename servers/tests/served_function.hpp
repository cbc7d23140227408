// served_function.hpp - a server of either design with an async app that is a function.
#pragma once
#include "running_server.hpp"
#include <csgi/async_app.hpp>
#include <doctest/doctest.h>
#include <functional>

namespace csgi::tests {

class function_app final : public async_app {
 public:
  explicit function_app(std::function<task<>(async_exchange)> f) : function_(std::move(f)) {}
  task<> http(async_exchange ex) override { return function_(ex); }

 private:
  std::function<task<>(async_exchange)> function_;
};

/// Ended at the end.
class served {
 public:
  served(bool evented, std::function<task<>(async_exchange)> f, server_options options = {}) : app_(std::move(f)) {
    options.port = 0;
    options.observer = &said;
    server_ = make_server(evented, options);
    thread_ = std::thread([this] { server_->run(app_); });
    if (!said.lines.saw("ready")) throw std::runtime_error("the server is not ready");
  }
  ~served() {
    server_->stop();
    server_->stop();
    thread_.join();
  }
  std::uint16_t port() const { return server_->port(); }
  void stop() { server_->stop(); }

  recorder said{false};

 private:
  function_app app_;
  std::unique_ptr<csgi::server> server_;
  std::thread thread_;
};

inline void on_both(const std::function<void(bool evented)>& f) {
  for (const bool evented : {false, true}) {
    INFO(std::string(evented ? "evented" : "threaded"));
    f(evented);
  }
}

inline std::string answer_of(bool evented, std::function<task<>(async_exchange)> f, server_options options = {}) {
  served server(evented, std::move(f), options);
  wire_client client(server.port());
  const reply got = client.exchange(get("/"));
  return std::to_string(got.status) + ' ' + got.body;
}

inline task<> say(async_exchange ex, std::string text) { co_await ex.respond(200, "text/plain", text); }

}  // namespace csgi::tests
