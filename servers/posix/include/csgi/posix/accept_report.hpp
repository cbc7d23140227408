// csgi/posix/accept_report.hpp - tells the operator that connections cannot be accepted, and that they can again.
#pragma once
#include <atomic>
#include <csgi/operation.hpp>
#include <csgi/server_observer.hpp>
#include <mutex>

namespace csgi::posix {

/// Loops try again and again as long as somebody waits. That is one line when it begins, one every few seconds while it lasts, and
/// one when it is over: there are no more failures by then, and a connection was accepted.
///
/// Threads:   any.
class accept_report {
 public:
  static constexpr clock::duration interval = std::chrono::seconds(5);    ///< between lines while it lasts
  static constexpr clock::duration quiet = std::chrono::seconds(1);       ///< without a failure: some loops may accept while others cannot

  /// One that waits could not be accepted. A line at warning level, or none.
  void failed(server_observer& observer, clock::time_point now) noexcept;

  void accepted() noexcept {
    if (failing_.load(std::memory_order_relaxed)) accepted_.store(true, std::memory_order_relaxed);
  }

  /// Looks whether it is over, a few times a second. A line at info level, or none.
  void look(server_observer& observer, clock::time_point now) noexcept;

 private:
  std::atomic<bool> failing_{false}, accepted_{false};
  std::mutex mutex_;                      // of what follows
  clock::time_point last_failure_{}, next_line_{};
};

}  // namespace csgi::posix
