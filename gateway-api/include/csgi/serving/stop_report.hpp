// csgi/serving/stop_report.hpp - tells the operator what a stop waits for, and what it ends.
#pragma once
#include <atomic>
#include <chrono>
#include <csgi/server_observer.hpp>

namespace csgi { inline namespace v1 {

/// A server's loops each tell how many requests they have, WebSockets among them; when the last one has, that is one line. Nothing
/// is said where nothing runs.
///
/// Threads:   begins() and grace_is_over() from any.
class stop_report {
 public:
  /// Requires: no stop has begun.
  void expect(unsigned loops) noexcept;

  /// A loop has begun to drain, and still has as many. A line at info level.
  void begins(server_observer& observer, std::size_t running, std::chrono::milliseconds grace) noexcept;

  /// A loop has asked as many to end, as their grace time is over; none where they were asked otherwise, or the loop has ended
  /// before. A line at warning level.
  void grace_is_over(server_observer& observer, std::size_t running) noexcept;

 private:
  class tally {
   public:
    void expect(unsigned loops) noexcept { missing_.store(loops); }

    /// How many there are in all, once all have told; 0 until then.
    std::size_t add(std::size_t running) noexcept {
      running_.fetch_add(running);
      return missing_.fetch_sub(1) == 1 ? running_.load() : 0;
    }

   private:
    std::atomic<unsigned> missing_{1};
    std::atomic<std::size_t> running_{0};
  };

  tally begun_;
  tally cut_off_;
};

}}  // namespace csgi::v1
