// csgi/run_loop.hpp - an executor for the thread that waits for a coroutine.
#pragma once
#include <csgi/error.hpp>
#include <csgi/lane.hpp>
#include <csgi/spinning_condition.hpp>
#include <csgi/task.hpp>
#include <csgi/timer_queue.hpp>
#include <thread>

namespace csgi { inline namespace v1 {

/// Runs coroutines to their end on the thread that calls run(), blocking code that they give to to_thread() included: so
/// one call delays the others; to_pool() has threads of the process. Coroutines of an exchange whose executor this is have
/// that exchange's lane.
///
/// Threads:   made, used and destroyed on one; post() from any.
class run_loop final : public csgi::executor, private lane {
 public:
  run_loop() noexcept = default;
  run_loop(const run_loop&) = delete;
  run_loop& operator=(const run_loop&) = delete;

  /// Runs `coroutine`, and what it awaits, to its end. Gives its value, or throws what it threw.
  ///
  /// Blocks:    until it has ended.
  /// Errors:    error(resource_deadlock_would_occur), where this thread already runs coroutines, which would have to
  ///            wait: inside of another run(), or in the coroutine of an async app. There, co_await it instead.
  template <class T>
  T run(task<T> coroutine) {
    exchange* const environment = coroutine.environment();
    check(environment);
    const standing on_this_thread;
    if (!environment || &environment->executor() != this) coroutine.settle(*this);
    struct waiter final : operation {
      bool over = false;
    } end;
    end.done = [](operation& op) noexcept { static_cast<waiter&>(op).over = true; };
    if (coroutine.start(end) == begun::pending) turn_until(end.over);
    return coroutine.result();
  }

  void post(work& w) noexcept override;
  begun begin_wait(timer_op& t) noexcept override { return timers_.begin_wait(t); }
  bool here() const noexcept override { return std::this_thread::get_id() == thread_; }
  void* find(const extension_id& wanted) noexcept override { return wanted == lane::id ? static_cast<lane*>(this) : nullptr; }

 private:
  /// A loop that runs on this thread, as long as it does.
  class standing {
   public:
    standing() noexcept;
    standing(const standing&) = delete;
    standing& operator=(const standing&) = delete;
    ~standing();
  };

  void check(exchange* environment) const;
  void turn_until(const bool& over) noexcept;
  void pend(blocking_call& op) noexcept;

  begun begin_call(blocking_call& op) noexcept override;
  begun begin_pooled_call(blocking_call& op) noexcept override;

  const std::thread::id thread_ = std::this_thread::get_id();
  timer_queue timers_{*this};
  std::mutex mutex_;                      // of what follows
  spinning_condition wake_;
  work* first_ = nullptr;
  work* last_ = nullptr;
};

}}  // namespace csgi::v1
