// life.hpp - a server of either design with an app, from startup to shutdown.
#pragma once
#include "running_server.hpp"
#include <doctest/doctest.h>
#include <functional>

namespace csgi::tests {

/// A server of either design that runs; what run() throws is kept.
class life {
 public:
  life(bool evented, application app, server_options options = {}) {
    options.port = 0;
    options.observer = &said;
    server_ = make_server(evented, options);
    thread_ = std::thread([this, app] {
      try {
        server_->run(app);
      } catch (const std::exception& e) {
        threw = e.what();
      }
      ended.note("ended");
    });
  }
  ~life() {
    stop();
    stop();
    join();
  }
  void stop() { server_->stop(); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  std::uint16_t port() const { return server_->port(); }

  recorder said{false};
  witness ended;
  std::string threw;

 private:
  std::unique_ptr<csgi::server> server_;
  std::thread thread_;
};

inline void on_both(const std::function<void(bool evented)>& f) {
  for (const bool evented : {false, true}) {
    INFO(std::string(evented ? "evented" : "threaded"));
    f(evented);
  }
}

inline std::string all(witness& seen) {
  std::string lines;
  for (const auto& line : seen.all()) lines += line + ", ";
  return lines;
}

}  // namespace csgi::tests
