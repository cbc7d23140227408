// change_signal.hpp - coroutines of several loops wait until something has changed, whoever has changed it.
#pragma once
#include <csgi/operation_awaiter.hpp>
#include <mutex>

/// A condition variable for coroutines. What changes is guarded by a mutex of its own; this counts its changes, so that none is
/// missed between looking and waiting:
///
///   for (;;) {
///     const auto seen = changes.count();
///     if (auto found = look()) co_return found;
///     co_await changes.after(seen);
///   }
///
/// Lifetime:  outlives who waits, and each call of notify().
/// Threads:   any; who waits is resumed on its own executor.
class change_signal {
 public:
  change_signal() = default;
  change_signal(const change_signal&) = delete;
  change_signal& operator=(const change_signal&) = delete;

  /// How often notify() has been called.
  std::uint64_t count() const noexcept {
    const std::lock_guard lock(mutex_);
    return count_;
  }

  /// Resumes all who wait.
  void notify() noexcept {
    waiting* each = nullptr;
    {
      const std::lock_guard lock(mutex_);
      ++count_;
      each = std::exchange(first_, nullptr);
    }
    while (each) resume(*std::exchange(each, each->following));      // once posted, it may be gone
  }

  /// Resumes when notify() has been called more often than `seen` times; at once, if it has.
  ///
  /// Errors:    csgi::cancelled; csgi::misuse, where the coroutine runs on no executor.
  auto after(std::uint64_t seen) noexcept {
    return csgi::await_operation<"a change">(
        waiting(), [this, seen](waiting& w, csgi::task_promise_base& promise) noexcept { return begin(w, seen, promise); });
  }

 private:
  struct waiting : csgi::operation {
    csgi::executor* home = nullptr;
    waiting* following = nullptr;
  };

  csgi::begun begin(waiting& w, std::uint64_t seen, csgi::task_promise_base& promise) noexcept {
    w.home = promise.executor();
    if (!w.home) {
      w.error = std::make_error_code(std::errc::operation_not_permitted);
      return csgi::begun::completed;
    }
    const std::lock_guard lock(mutex_);
    if (count_ > seen) return csgi::begun::completed;
    w.server = this;
    w.stop = [](csgi::operation& o) noexcept { static_cast<change_signal*>(o.server)->leave(static_cast<waiting&>(o)); };
    w.following = std::exchange(first_, &w);
    return csgi::begun::pending;
  }

  // One that is not in the list any more is about to be resumed.
  void leave(waiting& w) noexcept {
    {
      const std::lock_guard lock(mutex_);
      auto** link = &first_;
      while (*link && *link != &w) link = &(*link)->following;
      if (!*link) return;
      *link = w.following;
    }
    w.error = std::make_error_code(std::errc::operation_canceled);
    csgi::post_done(*w.home, w);
  }

  // From any thread: `stop` stays until then, as it belongs to the executor's.
  static void resume(waiting& w) noexcept {
    w.run = [](csgi::work& what) noexcept {
      auto& self = static_cast<waiting&>(what);
      self.stop = nullptr;
      self.done(self);
    };
    w.home->post(w);
  }

  mutable std::mutex mutex_;        // of what follows
  std::uint64_t count_ = 0;
  waiting* first_ = nullptr;
};
