// csgi/request_lane.hpp - the lane that servers offer: a thread borrowed from a pool for one request.
#pragma once
#include <csgi/executor.hpp>
#include <csgi/lane.hpp>
#include <csgi/log_sink.hpp>
#include <csgi/spinning_condition.hpp>
#include <csgi/thread_pool.hpp>
#include <memory>
#include <vector>

namespace csgi { inline namespace v1 {

/// A server makes one when an async app first asks for its lane, and ends it when the app is done.
class request_lane final : public helping_lane, public std::enable_shared_from_this<request_lane> {
 public:
  static constexpr std::chrono::seconds usual_patience{60};

  /// A call that has waited for those before it for longer than `patience` fails, and `operator_log` is told if there is one:
  /// one of them may be waiting for it. One that waits for a thread, the lane's or any, fails after `for_thread`, or never where that
  /// is 0.
  ///
  /// Lifetime:  all borrowed: executor and log until end(), the threads until what was borrowed of them has come back.
  request_lane(executor& home, thread_lender& threads, clock::duration patience = usual_patience,
               clock::duration for_thread = clock::duration::zero(), log_sink* operator_log = nullptr) noexcept;

  /// Gives the thread back, without waiting. Requires: no call is pending.
  void end() noexcept;

  begun begin_call(blocking_call& op) noexcept override;
  begun begin_pooled_call(blocking_call& op) noexcept override;
  blocking_call* current() noexcept override;
  void begin_help() noexcept override;
  void help_until(const std::atomic<bool>& over) noexcept override;
  void end_help(std::atomic<bool>& over) noexcept override;

 private:
  /// The time that a thread is borrowed for; keeps the lane until it is over.
  struct loan final : work {
    std::shared_ptr<request_lane> of;
  };

  bool borrow() noexcept;
  void serve() noexcept;
  void perform_next(std::unique_lock<std::mutex>& lock) noexcept;
  void perform(blocking_call& op) noexcept;
  void complete(blocking_call& op) noexcept;
  void queue(blocking_call& op) noexcept;
  void pend(blocking_call& op) noexcept;
  void cancel(blocking_call& op) noexcept;
  bool unqueue(blocking_call& op) noexcept;
  void ended(blocking_call& op) noexcept;
  void watch(clock::time_point until) noexcept;
  void watched() noexcept;
  void watch_pooled(blocking_call& op) noexcept;
  void refuse_overdue() noexcept;
  clock::time_point refuse_overdue_calls(clock::time_point now) noexcept;
  clock::time_point refuse_overdue_pooled(clock::time_point now) noexcept;

  executor& home_;
  thread_lender& threads_;
  const clock::duration patience_;
  const clock::duration for_thread_;
  log_sink* const log_;
  loan loan_;

  // The executor's.
  std::size_t in_flight_ = 0;             // calls of both kinds
  timer_op watch_;
  bool watches_ = false;
  std::vector<blocking_call*> pooled_;    // those that had to wait for a thread, until they end
  blocking_call* last_ended_ = nullptr;   // told when nothing is watched any more, since the lane may go then

  std::mutex mutex_;                      // of what follows
  spinning_condition wake_;
  work* first_ = nullptr;
  work* last_ = nullptr;
  unsigned helping_ = 0;                  // calls on the lane's thread that wait, or are about to
  bool borrowed_ = false;
  bool awaits_thread_ = false;            // for no longer than for_thread_
  bool ended_ = false;

  std::atomic<std::thread::id> thread_{};
  blocking_call* current_ = nullptr;      // the lane's thread's
};

}}  // namespace csgi::v1
