// connection_host.hpp - a server of one connection, without sockets, threads or time: the test says when what happens.
#pragma once
#include "scripted_transport.hpp"
#include <csgi/async_exchange.hpp>
#include <deque>
#include <functional>
#include <vector>

namespace csgi::http1 {

/// How apps run: on a driver whose operations stay pending, or on one that waits inside them.
enum class driven : unsigned char { pending, blocking };
inline constexpr driven both_ways[] = {driven::pending, driven::blocking};
inline const char* to_string(driven how) { return how == driven::pending ? "pending" : "blocking"; }

struct access_copy {
  std::string method, target;
  outcome how;
  clock::duration elapsed;
};

class recording_observer final : public server_observer {
 public:
  std::vector<std::string> lines;
  std::vector<access_copy> accesses;
  void log(log_level, std::string_view text) noexcept override { lines.emplace_back(text); }
  void access(const access_record& r) noexcept override {
    accesses.push_back({std::string(r.method), std::string(r.target), r.how, r.elapsed});
  }
};

/// Counts what it lends; each workspace is a new one, so that a late use of it is found.
class counting_pool final : public workspace_pool {
 public:
  explicit counting_pool(const server_limits& limits) : limits_(limits) {}
  std::unique_ptr<workspace> acquire() override {
    ++lent;
    return std::make_unique<workspace>(limits_, *this);
  }
  void release(std::unique_ptr<workspace>) noexcept override { --lent; }
  block acquire_block() override {
    ++blocks_lent;
    return std::make_unique_for_overwrite<char[]>(block_size);
  }
  void release_block(block) noexcept override { --blocks_lent; }
  int lent = 0;
  int blocks_lent = 0;

 private:
  const server_limits& limits_;
};

class any_connection_host : public driver, private csgi::executor {
 public:
  explicit any_connection_host(driven how) : how_(how) {
    shared.observer = &observer;
    shared.app_name = "app";
    peer.sends("");     // an accepted socket is told once, whether or not there is something to read
    conn.drive_with(*this, dates_);
  }

  scripted_transport peer;
  recording_observer observer;
  http1::settings shared;
  counting_pool pool{shared.limits};
  std::function<task<>(async_exchange)> app;    // a plain function that gives a coroutine, never one itself
  http1::connection conn{peer, shared, pool, {}, {}};

  int apps_run = 0;
  int turns_left = 0;                     ///< to other connections
  int hooks_seen = 0;                     ///< responses that had hooks
  std::string got_before_hooks;           ///< what the peer had been sent when they ran
  std::size_t posts = 0;
  bool closed = false;
  bool gathers = false;                   ///< bodies, before it runs apps
  bool thread_cancelled = false;          ///< what a blocking app waits for is cancelled
  std::function<void()> before_wait;      ///< of a blocking app
  std::function<bool()> stops_when;       ///< asked before each event

  /// Plays the script to its end.
  void run() {
    proceed();
    for (;;) {
      run_queue();
      readiness event;
      if (closed || (stops_when && stops_when()) || !peer.step(event)) return;
      tell(event);
      run_queue();
    }
  }

  /// What the peer was sent since the last call, after playing the script to its end.
  std::string response() {
    run();
    return peer.take_got();
  }

  void pass(clock::duration time) {
    now_ += time;
    fire_timers();
    if (!closed && conn.deadline() <= now_) {
      conn.expire();
      if (coroutine_ && conn.cancelled()) coroutine_->stop();
      proceed();
    }
    run();
  }

  void drain() {
    shared.draining = true;
    conn.drain();
    proceed();
    run();
  }

  /// As servers end the grace time: connection first, then the coroutine.
  void cancel_all() {
    conn.cancel_all();
    if (coroutine_) coroutine_->stop();
    proceed();
    run();
  }

  csgi::executor& executor() noexcept override { return *this; }
  std::pmr::memory_resource& memory() noexcept override { return *std::pmr::new_delete_resource(); }
  clock::time_point now() noexcept override { return now_; }
  bool cancelled() const noexcept override { return thread_cancelled; }
  void run_posted() noexcept override { run_queue(); }

  std::error_code wait(interest direction, clock::duration limit) noexcept override {
    if (before_wait) before_wait();
    run_queue();
    if (thread_cancelled) return std::make_error_code(std::errc::operation_canceled);
    while (!peer.ready_for(direction)) {
      readiness event;
      if (!peer.step(event)) {
        if (limit < clock::time_point::max() - now_) now_ += limit;
        return std::make_error_code(std::errc::timed_out);
      }
      remember(event);
    }
    return {};
  }

  void finished(finished_response response) noexcept override {
    ++hooks_seen;
    got_before_hooks = peer.got;
    response.run_hooks();
  }

  bool idle() const noexcept { return queue_.empty() && timers_.empty(); }

 protected:
  ~any_connection_host() = default;

 private:
  void post(work& w) noexcept override {
    ++posts;
    queue_.push_back(&w);
  }
  begun begin_wait(timer_op& timer) noexcept override {
    timer.error = {};
    if (blocks_) {
      now_ = std::max(now_, timer.at);
      return begun::completed;
    }
    timer.server = this;
    timer.stop = [](operation& op) noexcept {
      auto& self = *static_cast<any_connection_host*>(op.server);
      std::erase(self.timers_, &op);
      op.error = std::make_error_code(std::errc::operation_canceled);
      post_done(self, op);
    };
    timers_.push_back(&timer);
    return begun::pending;
  }
  bool here() const noexcept override { return true; }

  void run_queue() {
    while (!queue_.empty()) {
      work& w = *queue_.front();
      queue_.pop_front();
      w.run(w);
    }
  }

  void fire_timers() {
    for (auto due = timers_; timer_op* t : due) {
      if (t->at > now_ || std::erase(timers_, t) == 0) continue;
      t->stop = nullptr;
      t->done(*t);
    }
  }

  void remember(const readiness& event) {
    missed_.readable |= event.readable;
    missed_.writable |= event.writable;
    missed_.peer_closed |= event.peer_closed;
    missed_.dead |= event.dead;
  }

  void tell(const readiness& event) {
    conn.ready(event);
    proceed();
  }

  void proceed() {
    while (!closed && !conn.in_app()) {
      switch (conn.advance()) {
        case step::wait: return;
        case step::closed: closed = true; return;
        case step::give_way: ++turns_left; break;
        case step::dispatch:
          if (gathers && !conn.has_whole_body() && conn.may_gather_body()) {
            conn.gather_body();
            break;
          }
          ++apps_run;
          if (!run_app()) return;
      }
    }
  }

  bool run_app() {
    blocks_ = how_ == driven::blocking;
    if (blocks_) conn.app_waits();
    try {
      coroutine_.emplace(app(async_exchange(conn)));
    } catch (...) {
      app_over(std::current_exception());
      return true;
    }
    end_.of = this;
    end_.done = [](operation& op) noexcept {
      auto& self = *static_cast<end&>(op).of;
      self.app_over(self.coroutine_->failure());
      self.proceed();
    };
    if (coroutine_->start(end_) == begun::pending) {
      conn.app_waits();
      return false;
    }
    app_over(coroutine_->failure());
    return true;
  }

  void app_over(std::exception_ptr failure) {
    coroutine_.reset();
    if (blocks_) run_queue();
    conn.app_done(std::move(failure));
    blocks_ = false;
    conn.ready(std::exchange(missed_, {}));
  }

  struct end final : operation {
    any_connection_host* of = nullptr;
  };

  driven how_;
  date_cache dates_;
  std::optional<task<>> coroutine_;
  end end_;
  std::deque<work*> queue_;
  std::vector<timer_op*> timers_;
  readiness missed_;                      // while a blocking app ran
  clock::time_point now_ = clock::now();  // sleep_for() counts from the real one
};

struct connection_host final : any_connection_host {
  using any_connection_host::any_connection_host;
};

}  // namespace csgi::http1
