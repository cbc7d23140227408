// csgi/spinning_condition.hpp - a condition variable for waits that are mostly short.
#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace csgi { inline namespace v1 {

/// Looks out for a moment before it sleeps: to be woken costs a thread many times what an answer takes that is under way
/// already. Where looking out has been in vain, it does so for shorter.
///
/// Threads:   all members are called with the same mutex locked.
class spinning_condition {
 public:
  /// Waits until `ready()`, which is called with the mutex locked.
  template <class Ready>
  void wait(std::unique_lock<std::mutex>& lock, Ready ready) {
    if (ready() || look_out(lock, ready)) return;
    sleep_.wait(lock, ready);
  }

  /// The same, but not beyond a point in time.
  template <class Ready>
  void wait_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point end, Ready ready) {
    if (ready() || look_out(lock, ready)) return;
    sleep_.wait_until(lock, end, ready);
  }

  void notify_one() noexcept {
    news_.fetch_add(1, std::memory_order_release);
    sleep_.notify_one();      // does not enter the kernel where nobody sleeps
  }

  void notify_all() noexcept {
    news_.fetch_add(1, std::memory_order_release);
    sleep_.notify_all();
  }

 private:
  static constexpr int most_looks = 64;     // some 20 microseconds
  static constexpr int least_looks = 4;

  template <class Ready>
  bool look_out(std::unique_lock<std::mutex>& lock, Ready ready) {
    const int looks = looks_;
    const unsigned known = news_.load(std::memory_order_relaxed);
    lock.unlock();
    for (int i = 0; i < looks && news_.load(std::memory_order_acquire) == known; ++i) std::this_thread::yield();
    lock.lock();
    const bool found = ready();
    looks_ = found ? most_looks : std::max(looks / 2, least_looks);
    return found;
  }

  std::condition_variable sleep_;
  std::atomic<unsigned> news_{0};
  int looks_ = most_looks;
};

}}  // namespace csgi::v1
