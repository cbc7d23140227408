// csgi/lane.hpp - extension: threads for the blocking code of one request.
#pragma once
#include <atomic>
#include <csgi/extension.hpp>
#include <csgi/operation.hpp>

namespace csgi { inline namespace v1 {

/// A piece of blocking code, in the frame of the coroutine that waits for it. Completes when `call` has returned.
struct blocking_call : operation {
  void (*call)(blocking_call&) noexcept = nullptr;    ///< the caller's; runs on a thread that may block
  bool stopped = false;                               ///< set by cancel() while it runs; by way of std::atomic_ref

  // The callee's.
  void (*forward_stop)(blocking_call&) noexcept = nullptr;   ///< what `call` waits for is to be stopped: see run()
  void* waits_for = nullptr;                                 ///< for forward_stop
  clock::time_point queued_at{};                             ///< when it began to wait for the calls before it
};

/// One thread, borrowed at the first call and kept until the exchange ends: handles that belong to a thread, such as
/// those of a database, can be made in one call and used in the next. Offered to async apps; and by the executor of
/// run(), whose thread is that of who called run().
///
/// Threads:   the exchange's executor, unless said otherwise.
class lane {
 public:
  static constexpr extension_id id{"csgi.lane", touches::nothing};

  /// Calls `op.call` on the lane's thread, after those begun earlier.
  ///
  /// Errors:    operation_canceled, by cancel() before it was called, and then it is not;
  ///            resource_unavailable_try_again, where no thread is to be had; resource_deadlock_would_occur, where those
  ///            before it have not ended within the lane's patience; not_enough_memory.
  virtual begun begin_call(blocking_call& op) noexcept = 0;

  /// The same on any thread, so that several may run at the same time.
  virtual begun begin_pooled_call(blocking_call& op) noexcept = 0;

 protected:
  ~lane() = default;
};

/// A lane whose calls may wait for coroutines on the executor: see run(). Every server that offers a lane offers one.
class helping_lane : public lane {
 public:
  static constexpr extension_id id{"csgi.helping_lane", touches::nothing};

  /// The call that the calling thread runs for this lane, or null.
  ///
  /// Threads:   any.
  virtual blocking_call* current() noexcept = 0;

  /// On the lane's thread, inside a call: says that it is about to help. Before what is waited for can begin, so that a
  /// pooled call of it that finds no thread is left to this one.
  ///
  /// Threads:   the lane's.
  virtual void begin_help() noexcept = 0;

  /// After begin_help(): runs further calls until `over`.
  ///
  /// Threads:   the lane's.
  virtual void help_until(const std::atomic<bool>& over) noexcept = 0;

  /// Sets `over`, so that help_until() returns; `over` may be gone when it does.
  ///
  /// Threads:   any.
  virtual void end_help(std::atomic<bool>& over) noexcept = 0;

 protected:
  ~helping_lane() = default;
};

}}  // namespace csgi::v1
