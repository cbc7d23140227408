// csgi/serving/operation_slot.hpp - the place of an exchange's pending operation of one kind, for servers of async apps.
#pragma once
#include <csgi/executor.hpp>

namespace csgi { inline namespace v1 {

/// One is pending at most, and still the one of its kind until its done() has run, which is never called inside of anything
/// here. An app for which operations end at once, over and over, is made to wait for others now and then.
///
/// Threads:   the executor's.
/// Spec:      CSGI-CORE-020 to CSGI-CORE-025, CSGI-CORE-030 to CSGI-CORE-033
class operation_slot {
 public:
  /// `cancelled` is called when the app cancels what is pending here: it has complete() called, now or soon.
  ///
  /// Lifetime:  all borrowed.
  operation_slot(executor& home, void* owner, void (*cancelled)(void* owner, operation_slot&) noexcept) noexcept
      : home_(home), owner_(owner), cancelled_(cancelled) {}
  operation_slot(const operation_slot&) = delete;
  operation_slot& operator=(const operation_slot&) = delete;

  bool taken() const noexcept { return op_ || ending_; }
  operation* pending() const noexcept { return op_; }

  begun pend(operation& op) noexcept {
    op_ = &op;
    at_once_ = 0;
    op.server = this;
    op.stop = [](operation& o) noexcept {
      auto& self = *static_cast<operation_slot*>(o.server);
      self.cancelled_(self.owner_, self);
    };
    return begun::pending;
  }

  /// For an operation that has ended inside of its begin.
  begun at_once(operation& op) noexcept {
    if (++at_once_ < most_at_once) return begun::completed;
    op_ = &op;
    complete(op.error);
    return begun::pending;
  }

  /// Ends what is pending; all of its outcome but `error` is in it. Does nothing where nothing is.
  void complete(std::error_code error) noexcept {
    if (!op_) return;
    operation& op = *std::exchange(op_, nullptr);
    at_once_ = 0;
    ending_ = true;
    op.error = error;
    op.stop = nullptr;
    op.server = this;
    op.run = [](work& w) noexcept {
      auto& over = static_cast<operation&>(w);
      static_cast<operation_slot*>(over.server)->ending_ = false;
      over.done(over);
    };
    home_.post(op);
  }

  /// Forgets what an app that has ended left pending.
  void drop() noexcept { op_ = nullptr; }

  clock::time_point deadline = clock::time_point::max();    ///< the server's, for what is pending

 private:
  static constexpr unsigned most_at_once = 64;

  executor& home_;
  void* owner_;
  void (*cancelled_)(void*, operation_slot&) noexcept;
  operation* op_ = nullptr;
  unsigned at_once_ = 0;
  bool ending_ = false;
};

}}  // namespace csgi::v1
