// linted.hpp - for tests: an app of either kind with a lint around it, on an exchange in memory.
#pragma once
#include <csgi/chain.hpp>
#include <csgi/forwarding_exchange.hpp>
#include <csgi/lint.hpp>
#include <mutex>
#include <ostream>
#include "scene.hpp"

namespace csgi {

/// Keeps what a lint reports.
class reports {
 public:
  lint_settings settings(std::string name = "app") {
    lint_settings with;
    with.name = std::move(name);
    with.report = [this](const lint_report& r) {
      const std::lock_guard lock(mutex_);
      all_.push_back(r.text());
    };
    return with;
  }

  /// "" when there is nothing; else one line for each.
  std::string text() const {
    const std::lock_guard lock(mutex_);
    std::string lines;
    for (const auto& each : all_) lines += each + '\n';
    return lines;
  }
  bool has(std::string_view part) const { return text().find(part) != std::string::npos; }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return all_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> all_;
};

/// One request: what its app does, and what the lint around it says.
struct linted : reports {
  explicit linted(const testing::request_options& with = {}, const testing::client_behaviour& client = {}) : on(with, client) {}

  template <class Behaviour>
  void serve(app_kind kind, Behaviour behaviour) {
    app.emplace(kind, std::move(behaviour));
    checked.emplace(*app, settings());
    on.x.serve(*checked);
  }

  /// With a middleware around the lint: its server.
  template <class Behaviour, class Middleware>
  void serve_behind(Middleware server, app_kind kind, Behaviour behaviour) {
    app.emplace(kind, std::move(behaviour));
    checked.emplace(*app, settings());
    chain faulty(std::move(server), *checked);
    on.x.serve(faulty);
  }

  std::optional<sample_app> app;
  std::optional<lint> checked;
  scene on;
};

/// A server's fault: a view that does one thing wrong.
template <class View>
struct behind {
  task<> operator()(async_exchange ex, next_app app) const {
    View view(ex.raw());
    co_await app(async_exchange(view));
  }
};

constexpr app_kind both_kinds[] = {app_kind::blocking, app_kind::async};

inline task<> answer(async_exchange ex) { co_await ex.respond(200, "text/plain", "ok"); }

}  // namespace csgi
