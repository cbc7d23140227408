// csgi/posix/lateness.hpp - how late something runs that is due again and again.
#pragma once
#include <algorithm>
#include <atomic>
#include <csgi/operation.hpp>
#include <utility>

namespace csgi::posix {

/// Threads:   note() one at a time; worst() any.
class lateness {
 public:
  static constexpr clock::duration window = std::chrono::seconds(10);

  /// What was due runs now, and is due again at `next`.
  void note(clock::time_point now, clock::time_point next) noexcept {
    const auto number = now.time_since_epoch() / window;
    if (const auto passed = number - std::exchange(number_, number); passed > 0) {
      previous_.store(passed == 1 ? current_.load(std::memory_order_relaxed) : 0, std::memory_order_relaxed);
      current_.store(0, std::memory_order_relaxed);
    }
    const auto due = next_.load(std::memory_order_relaxed);
    const auto late = due == 0 ? 0 : now.time_since_epoch().count() - due;
    if (late > current_.load(std::memory_order_relaxed)) current_.store(late, std::memory_order_relaxed);
    next_.store(next.time_since_epoch().count(), std::memory_order_relaxed);
  }

  /// The worst of this window and the one before it; also of what is overdue now.
  clock::duration worst(clock::time_point now) const noexcept {
    const auto next = next_.load(std::memory_order_relaxed);
    const auto overdue = next == 0 ? 0 : now.time_since_epoch().count() - next;
    return clock::duration(std::max({previous_.load(std::memory_order_relaxed), current_.load(std::memory_order_relaxed), overdue}));
  }

 private:
  clock::rep number_ = 0;                 // of the window
  std::atomic<clock::rep> current_{0}, previous_{0};
  std::atomic<clock::rep> next_{0};       // 0: nothing is due yet
};

}  // namespace csgi::posix
