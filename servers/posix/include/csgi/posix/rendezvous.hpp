// csgi/posix/rendezvous.hpp - where the executors of a server wait for each other, while their threads go on.
#pragma once
#include <csgi/executor.hpp>
#include <functional>
#include <mutex>

namespace csgi::posix {

/// May be held again and again, by the same number of executors.
///
/// Threads:   any.
class rendezvous {
 public:
  explicit rendezvous(std::size_t executors) noexcept : expected_(executors), missing_(executors) {}
  rendezvous(const rendezvous&) = delete;
  rendezvous& operator=(const rendezvous&) = delete;

  /// Completes when all have come. The last one calls its `at_last`, before any of them goes on. It cannot be cancelled.
  ///
  /// Threads:   that of `home`.
  begun begin_meet(operation& op, csgi::executor& home, const std::function<void()>& at_last) noexcept {
    op.error = {};
    op.stop = nullptr;
    op.server = &home;
    std::unique_lock lock(mutex_);
    if (--missing_ > 0) {
      op.next = std::exchange(waiting_, &op);
      return begun::pending;
    }
    lock.unlock();
    at_last();
    lock.lock();
    missing_ = expected_;
    work* others = std::exchange(waiting_, nullptr);
    lock.unlock();
    while (others) {
      auto& other = static_cast<operation&>(*others);
      others = other.next;
      post_done(*static_cast<csgi::executor*>(other.server), other);
    }
    return begun::completed;
  }

  /// So many will never come. Requires: one that will has not come yet.
  void miss(std::size_t executors) noexcept {
    const std::lock_guard lock(mutex_);
    expected_ -= executors;
    missing_ -= executors;
  }

 private:
  std::mutex mutex_;                      // of what follows
  std::size_t expected_;
  std::size_t missing_;
  work* waiting_ = nullptr;
};

}  // namespace csgi::posix
