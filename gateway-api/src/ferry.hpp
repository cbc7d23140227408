// ferry.hpp - has things done on a request's executor, while the lane's thread waits, and helps.
#pragma once
#include <csgi/exchange.hpp>
#include <csgi/lane.hpp>

namespace csgi { inline namespace v1 {

/// Lifetime:  made before the call of the lane, outlives it.
class ferry {
 public:
  ferry(exchange& over, helping_lane& lane) noexcept : exchange_(over), lane_(lane) {}
  ferry(const ferry&) = delete;
  ferry& operator=(const ferry&) = delete;

  /// Threads:   the lane's, inside the call, before anything else.
  void board() noexcept { call_ = lane_.current(); }

  /// Calls `f()` there.
  ///
  /// Threads:   the lane's, inside the call.
  template <class F>
  void call(F f) noexcept {
    struct errand final : work {
      F* f = nullptr;
      ferry* by = nullptr;
      std::atomic<bool> over{false};
    } one;
    one.f = &f;
    one.by = this;
    one.run = [](work& w) noexcept {
      auto& self = static_cast<errand&>(w);
      (*self.f)();
      self.by->lane_.end_help(self.over);
    };
    send(one, one.over);
  }

  /// Begins a copy of `op` there, by `begin`, calls `ended()` there when it has ended, and gives back its outcome. A stop of
  /// the request ends it.
  ///
  /// Threads:   the lane's, inside the call.
  template <class Operation, class Begin, class Ended>
  void perform(Operation& op, Begin begin, Ended ended) noexcept {
    struct errand final : Operation {
      errand(const Operation& like, ferry& of, Begin& how, Ended& last) noexcept : Operation(like), by(of), start(how), finish(last) {}
      void end() noexcept {
        by.under_way_ = nullptr;
        finish();
        by.lane_.end_help(over);
      }
      ferry& by;
      Begin& start;
      Ended& finish;
      std::atomic<bool> over{false};
    } one(op, *this, begin, ended);
    one.run = [](work& w) noexcept {
      auto& self = static_cast<errand&>(static_cast<Operation&>(w));
      if (self.by.stopped()) {
        self.error = std::make_error_code(std::errc::operation_canceled);
        return self.end();
      }
      self.by.under_way_ = &self;
      self.by.forward_stops();
      if (self.start(self) == begun::completed) self.end();
    };
    one.done = [](operation& o) noexcept { static_cast<errand&>(static_cast<Operation&>(o)).end(); };
    send(one, one.over);
    op.error = one.error;
    if constexpr (std::is_same_v<Operation, read_op>) op.chunk = one.chunk;
  }

  /// Has `w` run there, and does not wait. It calls let_go() where it begins an operation that a stop shall end.
  ///
  /// Threads:   the lane's, inside the call.
  void send(work& w) noexcept { exchange_.executor().post(w); }

  /// Threads:   the executor's.
  void let_go(operation* op) noexcept {
    sent_ = op;
    if (op) forward_stops();
  }

  /// Whether the call is to end.
  ///
  /// Threads:   the executor's, while the call has not ended.
  bool stopped() const noexcept { return std::atomic_ref(call_->stopped).load(std::memory_order_relaxed); }

 private:
  void send(work& w, const std::atomic<bool>& over) noexcept {
    lane_.begin_help();
    exchange_.executor().post(w);
    lane_.help_until(over);
  }

  void forward_stops() noexcept {
    call_->waits_for = this;
    call_->forward_stop = [](blocking_call& c) noexcept {
      auto& self = *static_cast<ferry*>(c.waits_for);
      if (self.under_way_) cancel(*self.under_way_);
      if (self.sent_) cancel(*self.sent_);
    };
  }

  exchange& exchange_;
  helping_lane& lane_;
  blocking_call* call_ = nullptr;
  operation* under_way_ = nullptr;        // the executor's, as the next
  operation* sent_ = nullptr;
};

}}  // namespace csgi::v1
