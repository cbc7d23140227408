// hosted.hpp - an app under lint on a server in this process, until the end of a test.
#pragma once
#include <csgi/evented/server.hpp>
#include <csgi/lint.hpp>
#include <csgi/server_observer.hpp>
#include <csgi/threaded/server.hpp>
#include <doctest/doctest.h>
#include <latch>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

enum class design : unsigned char { evented, threaded };

class hosted {
 public:
  /// Returns when it takes connections.
  hosted(design which, csgi::application app, std::uint16_t port = 0)
      : checked_(app, {.report = [this](const csgi::lint_report& r) { take(r); }}), server_(make(which, port)),
        thread_([this] { server_->run(checked_); }) {
    door_.opened.wait();
  }
  hosted(const hosted&) = delete;
  hosted& operator=(const hosted&) = delete;
  ~hosted() { end_now(); }

  std::uint16_t port() const { return server_->port(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

  /// Asks it to stop: running requests may still end.
  void stop() { server_->stop(); }

  /// Waits until all has ended, and does not let requests run.
  void end_now() {
    if (!thread_.joinable()) return;
    server_->stop();
    server_->stop();
    thread_.join();
    CHECK(accusations_ == "");
  }

 private:
  struct doorman final : csgi::server_observer {
    void ready(const csgi::endpoint&) noexcept override { opened.count_down(); }
    void log(csgi::log_level, std::string_view) noexcept override {}
    std::latch opened{1};
  };

  std::unique_ptr<csgi::server> make(design which, std::uint16_t port) {
    csgi::server_options options;
    options.port = port;
    options.observer = &door_;
    if (which == design::evented) return std::make_unique<csgi::evented::server>(options);
    return std::make_unique<csgi::threaded::server>(options);
  }

  // Warnings may be due to a machine that is slow.
  void take(const csgi::lint_report& r) {
    const std::lock_guard lock(mutex_);
    if (r.level == csgi::log_level::error) accusations_.append(r.request).append(": ").append(r.text()).append("\n");
  }

  doorman door_;
  std::mutex mutex_;
  std::string accusations_;                 // under the mutex, as long as the server runs
  csgi::lint checked_;
  const std::unique_ptr<csgi::server> server_;
  std::thread thread_;
};
