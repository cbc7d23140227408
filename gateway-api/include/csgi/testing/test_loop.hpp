// csgi/testing/test_loop.hpp - an executor for tests: turned by the test's thread, with a clock that need not be waited for.
#pragma once
#include <condition_variable>
#include <csgi/executor.hpp>
#include <csgi/task.hpp>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace csgi::testing {

/// What passes while a test waits.
enum class time_flow : unsigned char {
  real,     ///< timers take the time they take
  skipped,  ///< time jumps to the next timer as soon as nothing else is to be done, so that no test sleeps
};

/// The executor of async apps under test, and the meeting point of the threads of blocking ones.
///
/// It knows when nothing can happen any more, so that a test which waits in vain fails and does not hang. It waits a while before
/// it says so, for threads that it does not know of: unless told otherwise, ten seconds with real time, and not with skipped.
/// Threads:   made, turned and destroyed on one; what says so, any.
class test_loop final : public executor {
 public:
  explicit test_loop(time_flow how, std::optional<clock::duration> patience = {}) noexcept
      : how_(how), patience_(patience.value_or(how == time_flow::real ? std::chrono::seconds(10) : clock::duration::zero())) {}
  test_loop(const test_loop&) = delete;
  test_loop& operator=(const test_loop&) = delete;

  /// Runs a coroutine to its end.
  ///
  /// Errors:    what it throws; std::logic_error where it waits for what never comes.
  template <class T>
  T run(task<T> coroutine) {
    struct waiter final : operation {
      bool over = false;
    } end;
    end.done = [](operation& op) noexcept { static_cast<waiter&>(op).over = true; };
    coroutine.settle(*this);
    if (coroutine.start(end) == begun::pending && !turn_until([&] { return end.over; })) {
      coroutine.stop();
      if (!turn_until([&] { return end.over; })) std::terminate();  // neither to be resumed nor to be destroyed
      raise_stuck();
    }
    return coroutine.result();
  }

  /// Does what there is to do until `over()`. False where nothing is left that could bring it about.
  template <class Over>
  bool turn_until(Over over) {
    while (!over())
      if (!turn()) return false;
    return true;
  }

  /// Runs a piece of work, or waits for one. False where there is nothing to wait for.
  bool turn();

  /// Whether nothing is to be done before time passes, or the client does something.
  bool idle();

  /// Threads:   any.
  void post(work& w) noexcept override;
  begun begin_wait(timer_op& t) noexcept override;
  bool here() const noexcept override { return std::this_thread::get_id() == thread_; }

  /// How often a timer was begun, and for what times.
  ///
  /// Threads:   any.
  std::vector<clock::duration> waits() const {
    const std::lock_guard lock(mutex_);
    return waits_;
  }

  [[noreturn]] static void raise_stuck() { throw std::logic_error("this waits for something that never comes"); }

  // For the exchanges of this loop, whose state its mutex guards.

  /// A thread that waits for its exchange.
  struct sleeper {
    std::condition_variable wake;
    bool asleep = false;
  };

  std::mutex& mutex() noexcept { return mutex_; }

  /// Counts what goes on outside of this thread, and will tell when it ends. Threads: any.
  void begin_outside() noexcept;
  void end_outside() noexcept;
  void post_from_outside(work& w) noexcept;   ///< and end_outside()

  // With the mutex held:

  void enqueue(work& w) noexcept;
  void note_change() noexcept;
  void rouse(sleeper& s) noexcept;
  void add_timer(timer_op& t) noexcept;
  bool remove_timer(timer_op& t) noexcept;    ///< false: it is about to be done
  void end_outside_locked() noexcept;

  /// Waits until `over()`, which is asked again after each rouse(). On the loop's own thread it turns it; false where that
  /// brings nothing any more.
  template <class Over>
  bool wait(std::unique_lock<std::mutex>& lock, sleeper& s, Over over) {
    while (!over()) {
      if (here()) {
        lock.unlock();
        const bool went_on = turn();
        lock.lock();
        if (!went_on) return over();
      } else {
        sleep(lock, s);
      }
    }
    return true;
  }

 private:
  struct timer {
    clock::time_point at;
    timer_op* op;
  };

  void sleep(std::unique_lock<std::mutex>& lock, sleeper& s) noexcept;
  clock::time_point now() const noexcept { return clock::now() + skipped_; }

  const time_flow how_;
  const clock::duration patience_;
  const std::thread::id thread_ = std::this_thread::get_id();
  std::vector<clock::duration> waits_;

  mutable std::mutex mutex_;              // of what follows
  std::condition_variable wake_;
  work* first_ = nullptr;
  work* last_ = nullptr;
  std::vector<timer> timers_;             // the next one first
  clock::duration skipped_{};
  std::size_t outside_ = 0;
  bool changed_ = false;
};

}  // namespace csgi::testing
