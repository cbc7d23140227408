// csgi/executor.hpp - where an exchange's completions run.
#pragma once
#include <csgi/extension.hpp>
#include <csgi/operation.hpp>

namespace csgi { inline namespace v1 {

/// Runs work one after the other, in the order posted.
class executor {
 public:
  /// Queues `w`, which stays where it is until it has run.
  ///
  /// Never fails and never runs `w` inside the call. The executor of a blocking exchange runs its queue on the
  /// handler's thread, at the handler's next operation and after its return.
  /// Requires:  the exchange this executor was asked from has not ended.
  /// Threads:   any.
  virtual void post(work& w) noexcept = 0;

  /// Completes at `t.at`, or at once when that is past.
  ///
  /// Blocks:    the executor of a blocking exchange sleeps inside the call and answers completed.
  /// Errors:    operation_canceled by cancel() or because the exchange was ended; not_enough_memory.
  /// Threads:   the executor's own.
  virtual begun begin_wait(timer_op& t) noexcept = 0;

  /// Whether the calling thread is the one that runs this executor's work now.
  ///
  /// Threads:   any.
  virtual bool here() const noexcept = 0;

  /// The extension of that id as the pointer to its interface class, or null. An exchange's are found at the exchange.
  ///
  /// Lifetime:  the executor's.
  virtual void* find(const extension_id&) noexcept { return nullptr; }

 protected:
  ~executor() = default;
};

/// Calls `op.done` from the executor's queue: how a callee completes an operation without recursion.
///
/// Threads:   any, where the operation has no `stop`; else the executor's own, since cancel() may be called there.
inline void post_done(executor& e, operation& op) noexcept {
  if (e.here()) op.stop = nullptr;
  op.run = [](work& w) noexcept {
    auto& finished = static_cast<operation&>(w);
    finished.done(finished);
  };
  e.post(op);
}

}}  // namespace csgi::v1
