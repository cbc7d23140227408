// csgi/timer_queue.hpp - an executor's timers.
#pragma once
#include <csgi/executor.hpp>
#include <vector>

namespace csgi { inline namespace v1 {

/// A heap of the timers that wait, the next one on top.
///
/// Threads:   its executor's.
class timer_queue {
 public:
  explicit timer_queue(executor& owner) noexcept : owner_(owner) {}

  /// executor::begin_wait() for executors that do not block.
  begun begin_wait(timer_op& timer) noexcept;

  /// When the next one is due; the end of time when none waits.
  clock::time_point next() const noexcept {
    return heap_.empty() ? clock::time_point::max() : heap_.front()->at;
  }

  /// Completes all that are due; of those begun meanwhile, none.
  void expire(clock::time_point now) noexcept;

  /// Completes all with operation_canceled, through the executor's queue.
  void cancel_all() noexcept;

 private:
  void cancel(timer_op& timer) noexcept;
  void remove(timer_op& timer) noexcept;
  void place(timer_op& timer, std::size_t position) noexcept;
  void rise(timer_op& timer, std::size_t position) noexcept;
  void sink(timer_op& timer, std::size_t position) noexcept;

  executor& owner_;
  std::vector<timer_op*> heap_;
};

}}  // namespace csgi::v1
