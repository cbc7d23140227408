// csgi/posix/work_queue.hpp - work posted from any thread, run on one, first in first out.
#pragma once
#include <atomic>
#include <csgi/operation.hpp>

namespace csgi::posix {

/// Intrusive and without locks: a posted work is pushed on a stack that its runner takes whole and turns round.
class work_queue {
 public:
  /// Gives whether the queue was empty, so that its runner must be woken.
  ///
  /// Threads:   any.
  bool push(work& w) noexcept {
    w.next = newest_.load(std::memory_order_relaxed);
    while (!newest_.compare_exchange_weak(w.next, &w, std::memory_order_release, std::memory_order_relaxed)) {
    }
    return w.next == nullptr;
  }

  bool empty() const noexcept { return newest_.load(std::memory_order_relaxed) == nullptr; }

  /// Runs what was posted before this call.
  ///
  /// Threads:   the runner's.
  void run_all() noexcept {
    if (empty()) return;
    work* oldest = nullptr;
    for (work* w = newest_.exchange(nullptr, std::memory_order_acquire); w;) {
      work* const older = w->next;
      w->next = oldest;
      oldest = w;
      w = older;
    }
    while (oldest) {
      work& w = *oldest;
      oldest = w.next;  // running it may end its life
      w.run(w);
    }
  }

 private:
  std::atomic<work*> newest_{nullptr};
};

}  // namespace csgi::posix
