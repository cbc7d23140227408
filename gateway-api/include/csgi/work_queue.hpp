// csgi/work_queue.hpp - work posted from any thread, run on one, first in first out.
#pragma once
#include <atomic>
#include <csgi/operation.hpp>

namespace csgi { inline namespace v1 {

/// Intrusive and without locks: a posted work is pushed on a stack that its runner takes whole and turns round.
class work_queue {
 public:
  /// Gives whether the queue was empty, so that its runner must be woken.
  ///
  /// Threads:   any.
  bool push(work& w) noexcept {
    work* older = newest_.load(std::memory_order_relaxed);
    do {
      w.next = older;
    } while (!newest_.compare_exchange_weak(older, &w, std::memory_order_release, std::memory_order_relaxed));
    return older == nullptr;  // w may have run already
  }

  /// Threads:   the runner's.
  bool empty() const noexcept { return !oldest_ && newest_.load(std::memory_order_relaxed) == nullptr; }

  /// Runs what was posted before this call. Work may call it too: what is before it in the queue has run then.
  ///
  /// Threads:   the runner's.
  void run_all() noexcept {
    if (empty()) return;
    work* oldest = nullptr;
    work* const newest = newest_.exchange(nullptr, std::memory_order_acquire);
    for (work* w = newest; w;) {
      work* const older = w->next;
      w->next = oldest;
      oldest = w;
      w = older;
    }
    if (oldest) {
      (oldest_ ? last_->next : oldest_) = oldest;
      last_ = newest;
    }
    while (oldest_) {
      work& w = *oldest_;
      oldest_ = w.next;  // running it may end its life
      w.run(w);
    }
  }

 private:
  std::atomic<work*> newest_{nullptr};
  work* oldest_ = nullptr;    // the runner's: what it has taken and not run, first
  work* last_ = nullptr;      // and last
};

}}  // namespace csgi::v1
