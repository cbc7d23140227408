// server.cpp - see csgi/evented/server.hpp.
#include "loop.hpp"
#include <csgi/evented/server.hpp>
#include <csgi/posix/loop_lives.hpp>
#include <csgi/posix/signal_mask.hpp>

namespace csgi::evented {

class server::implementation {
 public:
  explicit implementation(const server_options& options)
      : settings_(options, "evented"), pool_(options.threads, options.queue) {
    const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
    for (auto& l : posix::listeners_for(options, options.loops ? options.loops : cores))
      loops_.push_back(std::make_unique<loop>(settings_, std::move(l), pool_, stops_));
    settings_.stopping.expect(static_cast<unsigned>(loops_.size()));
    address_ = loops_.front()->door().address();
  }

  void run(application app) {
    const posix::without_sigpipe quiet;
    if (stops_.load(std::memory_order_relaxed) > 0) return;
    settings_.host_while(app, stops_, [this, app] { serve(app); });
  }

  void stop() noexcept {
    stops_.fetch_add(1, std::memory_order_relaxed);
    for (auto& l : loops_) l->wake();
  }

  std::uint16_t port() const noexcept { return address_.endpoint().port; }

  server_load load() const noexcept {
    server_load now;
    now.connections = settings_.admission.open();
    now.draining = settings_.draining.load(std::memory_order_relaxed);
    pool_.tell(now);
    for (const auto& l : loops_) now.lag = std::max(now.lag, l->lag());
    return now;
  }

 private:
  void serve(application app) {
    std::vector<posix::resident*> all;
    for (auto& l : loops_) {
      l->host(app);
      all.push_back(l.get());
    }
    const auto open = [this, app] {
      if (app.kind() != app_kind::async) pool_.start();
      for (auto& l : loops_) l->listen();
      settings_.observer->ready(address_.endpoint());
    };
    posix::loop_lives(*settings_.host, {.started = open, .served = [this] { pool_.finish(); }}).run(all);
  }

  posix::server_settings settings_;
  std::atomic<int> stops_{0};
  std::vector<std::unique_ptr<loop>> loops_;
  posix::socket_address address_;
  blocking_pool pool_;
};

server::server(const server_options& options) : self_(std::make_unique<implementation>(options)) {}
server::~server() = default;
void server::run(application app) { self_->run(app); }
void server::stop() noexcept { self_->stop(); }
std::uint16_t server::port() const noexcept { return self_->port(); }
server_load server::load() const noexcept { return self_->load(); }

}  // namespace csgi::evented
