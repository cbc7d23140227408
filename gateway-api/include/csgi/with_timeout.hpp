// csgi/with_timeout.hpp - something that may take only so long.
#pragma once
#include <csgi/fork.hpp>
#include <csgi/task.hpp>

namespace csgi { inline namespace v1 {

struct never_spared {
  bool operator()() const noexcept { return false; }
};

/// See with_timeout(). `Spared` is asked when the time has come: true leaves what runs in peace, from then on.
template <awaitable A, class Spared = never_spared>
class [[nodiscard("what is timed runs only when with_timeout is awaited")]] timed {
 public:
  timed(clock::time_point until, A&& what, Spared spared = {}) noexcept : what_(std::move(what)), spared_(spared) { timer_.at = until; }

  begun start(operation& waiter, task_promise_base& parent) noexcept {
    auto* const here = parent.executor();
    if (!here) {
      refused_ = true;
      return begun::completed;
    }
    waiter_ = &waiter;
    end_.owner = this;
    end_.server = &what_;
    end_.stop = [](operation& o) noexcept { static_cast<A*>(o.server)->stop(); };
    end_.done = [](operation& o) noexcept { static_cast<timed*>(o.owner)->what_ended(); };
    if (what_.start(end_, parent) == begun::completed) return begun::completed;
    running_ = true;
    if (timer_.at == clock::time_point::max()) return begun::pending;
    timer_.owner = this;
    timer_.done = [](operation& o) noexcept { static_cast<timed*>(o.owner)->timer_ended(); };
    if (here->begin_wait(timer_) == begun::completed) lapse();
    else ticking_ = true;
    return begun::pending;
  }

  void stop() noexcept {
    stopped_ = true;
    cancel(end_);
  }

  bool failed() const noexcept { return refused_ || what_.failed(); }

  decltype(auto) result() {
    if (refused_) raise(std::make_error_code(std::errc::operation_not_permitted), "with_timeout where no executor is known");
    if (!lapsed_ || stopped_ || !what_.failed()) return what_.result();
    try {
      return what_.result();
    } catch (const cancelled&) {
      raise(timer_.error ? timer_.error : std::make_error_code(std::errc::timed_out), "with_timeout");
    }
  }

  awaiter<timed> operator co_await() && noexcept { return awaiter<timed>(*this); }

 private:
  void lapse() noexcept {
    if (spared_()) return;
    lapsed_ = true;
    cancel(end_);
  }

  void timer_ended() noexcept {
    ticking_ = false;
    if (running_) lapse();
    else waiter_->done(*waiter_);
  }

  void what_ended() noexcept {
    end_.stop = nullptr;
    running_ = false;
    if (ticking_) cancel(timer_);
    else waiter_->done(*waiter_);
  }

  A what_;
  [[no_unique_address]] Spared spared_;
  operation end_;
  timer_op timer_;
  operation* waiter_ = nullptr;
  bool running_ = false;
  bool ticking_ = false;
  bool lapsed_ = false;
  bool stopped_ = false;
  bool refused_ = false;
};

/// `auto row = co_await csgi::with_timeout(2s, load(id));  auto chunk = co_await csgi::with_timeout(1s, ex.read());`
///
/// Gives the value of a task or operation if it has ended after `duration` from now. Otherwise stops it, waits until it has
/// ended, and throws timed_out. A value that comes in spite of the stop is given all the same, and another failure than
/// cancelled is thrown as it is. Only this one operation is stopped: a read that timed out has lost no bytes and may be
/// begun again; a write that did has aborted the exchange. clock::duration::max() is no limit.
/// Memory:    in the frame of who awaits it.
/// Errors:    timed_out; cancelled, when the coroutine is stopped; misuse, where it runs on no executor.
template <class Rep, class Period, class A>
auto with_timeout(std::chrono::duration<Rep, Period> duration, A&& what) {
  if constexpr (are_awaitables<A>()) return timed<A>(from_now(duration), std::move(what));
}

}}  // namespace csgi::v1
