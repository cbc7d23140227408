// executors.cpp - servers whose executors are late, early, or somewhere else, and whose lanes are none.
#include "executor_view.hpp"
#include <csgi/lane.hpp>
#include <list>
#include <thread>

namespace csgi::conformance {

namespace {

using namespace std::chrono_literals;

constexpr auto narrow = broken_server::reach::narrow;

class nowhere final : public forwarding_executor {
 public:
  using forwarding_executor::forwarding_executor;
  bool here() const noexcept override { return false; }
};

class everywhere final : public forwarding_executor {
 public:
  using forwarding_executor::forwarding_executor;
  bool here() const noexcept override { return true; }
};

/// Looks only now and then for what other threads have posted.
class drowsy final : public forwarding_executor {
 public:
  using forwarding_executor::forwarding_executor;
  void post(work& w) noexcept override {
    if (!here()) std::this_thread::sleep_for(10ms);
    next().post(w);
  }
};

class hasty final : public forwarding_executor {
 public:
  using forwarding_executor::forwarding_executor;
  begun begin_wait(timer_op& t) noexcept override {
    t.at -= 20ms;
    return next().begin_wait(t);
  }
};

/// Fails what it has to end with another error than it should.
class sulking final : public forwarding_executor {
 public:
  using forwarding_executor::forwarding_executor;
  begun begin_wait(timer_op& t) noexcept override {
    done_ = t.done;
    owner_ = t.owner;
    t.owner = this;
    t.done = [](operation& op) noexcept { static_cast<sulking*>(op.owner)->end(op), op.done(op); };
    const begun how = next().begin_wait(t);
    if (how == begun::completed) end(t);
    return how;
  }

 private:
  void end(operation& op) noexcept {
    op.done = done_;
    op.owner = owner_;
    if (op.error) op.error = std::make_error_code(std::errc::io_error);
  }

  void (*done_)(operation&) noexcept = nullptr;
  void* owner_ = nullptr;
};

/// A lane that hands everything on.
class forwarding_lane : public helping_lane {
 public:
  explicit forwarding_lane(exchange& outer) noexcept
      : outer_(outer), executor_(outer.executor()), next_(*static_cast<helping_lane*>(outer.find(helping_lane::id))) {}
  begun begin_call(blocking_call& op) noexcept override { return next_.begin_call(op); }
  begun begin_pooled_call(blocking_call& op) noexcept override { return next_.begin_pooled_call(op); }
  blocking_call* current() noexcept override { return next_.current(); }
  void begin_help() noexcept override { next_.begin_help(); }
  void help_until(const std::atomic<bool>& over) noexcept override { next_.help_until(over); }
  void end_help(std::atomic<bool>& over) noexcept override { next_.end_help(over); }

 protected:
  ~forwarding_lane() = default;
  exchange& outer_;
  executor& executor_;
  helping_lane& next_;
};

template <class Lane>
class lane_view final : public forwarding_exchange {
 public:
  explicit lane_view(exchange& outer) noexcept : forwarding_exchange(outer), lane_(outer) {}
  void* find(const extension_id& id) noexcept override {
    if (id == helping_lane::id) return static_cast<helping_lane*>(&lane_);
    if (id == lane::id) return static_cast<csgi::lane*>(&lane_);
    return next().find(id);
  }

 private:
  Lane lane_;
};

/// Each call has a thread of its own, which stays, so that no other has its name.
class many_threads final : public forwarding_lane {
 public:
  using forwarding_lane::forwarding_lane;
  begun begin_call(blocking_call& op) noexcept override {
    threads_.emplace_back([this, &op](const std::stop_token& over) {
      op.call(op);
      op.error = {};
      post_done(executor_, op);
      while (!over.stop_requested()) std::this_thread::sleep_for(1ms);
    });
    return begun::pending;
  }

 private:
  std::list<std::jthread> threads_;
};

/// Does not wait for the call before.
class impatient final : public forwarding_lane {
 public:
  using forwarding_lane::forwarding_lane;
  begun begin_call(blocking_call& op) noexcept override { return in_order_ ? next_.begin_pooled_call(op) : next_.begin_call(op); }

 private:
  const bool in_order_ = outer_.head().tail() == "/lane-in-order";      // elsewhere calls may wait for each other
};

class no_thread final : public forwarding_lane {
 public:
  using forwarding_lane::forwarding_lane;
  begun begin_call(blocking_call& op) noexcept override {
    op.call(op);
    op.error = {};
    return begun::completed;
  }
};

class no_pool final : public forwarding_lane {
 public:
  using forwarding_lane::forwarding_lane;
  begun begin_pooled_call(blocking_call& op) noexcept override { return next_.begin_call(op); }
};

class idle_helper final : public forwarding_lane {
 public:
  using forwarding_lane::forwarding_lane;
  void help_until(const std::atomic<bool>& over) noexcept override {
    while (!over.load()) std::this_thread::sleep_for(1ms);
  }
  void end_help(std::atomic<bool>& over) noexcept override { over.store(true); }
};

std::unique_ptr<csgi::server> with_idle_helpers(server_options options, sound_server sound) {
  options.deadlines.lane = 300ms;         // else calls wait for a minute for each other
  return seen_as<lane_view<idle_helper>>()(options, sound);
}

}  // namespace

broken_servers with_broken_executors() {
  return {
      {"has_an_executor_of_another_loop", {"CSGI-CORE-011"}, runs_on<nowhere>(), {"CSGI-CORE-014"}},
      {"wakes_late", {"CSGI-CORE-014"}, runs_on<drowsy>()},
      {"is_everywhere", {"CSGI-CORE-016"}, runs_on<everywhere>()},
      {"ends_waits_early", {"CSGI-CORE-017"}, runs_on<hasty>()},
      {"stops_with_another_error", {"CSGI-CORE-034"}, runs_on<sulking>(), {"CSGI-HTTP-128"}, narrow},
      {"stops_blocking_apps_with_another_error", {"CSGI-CORE-035"}, runs_on<sulking>(), {"CSGI-HTTP-128"}, narrow, true},
      {"has_a_thread_for_each_call", {"CSGI-BRIDGE-003"}, seen_as<lane_view<many_threads>>(), {"CSGI-BRIDGE-010"}, narrow},
      {"calls_beside_the_call_before", {"CSGI-BRIDGE-003"}, seen_as<lane_view<impatient>>(), {}, narrow},
      {"calls_on_its_loop", {"CSGI-BRIDGE-004"}, seen_as<lane_view<no_thread>>(), {}, narrow},
      {"has_no_pool", {"CSGI-BRIDGE-005"}, seen_as<lane_view<no_pool>>(), {}, narrow},
      {"helps_nobody", {"CSGI-BRIDGE-010"}, with_idle_helpers, {}, narrow},
  };
}

}  // namespace csgi::conformance
