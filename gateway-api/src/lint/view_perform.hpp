// view_perform.hpp - how a lint's view begins operations in the app's place, whatever their kind.
#pragma once
#include "desk.hpp"

namespace csgi { inline namespace v1 {

/// The server refuses it; its own words for that are the app's due.
template <class Operation, class Begin>
begun lint_view::begin_second(Operation& op, fault which, const char* call, Begin begin) noexcept {
  tell(which, call);
  const begun ended = begin(op);
  if (ended == begun::pending || !op.error) tell(fault::second_taken, call);
  return ended;
}

/// It belongs to the WebSocket.
template <class Operation, class Begin>
begun lint_view::begin_beside_socket(Operation& op, const char* call, Begin begin) noexcept {
  if (!lost_) tell(fault::exchange_of_socket, call);
  const begun ended = begin(op);
  if (ended == begun::pending || !op.error) tell(fault::exchange_of_socket_taken, call);
  return ended;
}

/// Operations of a blocking app are over when their begin has returned, and may be nested by what that runs: they go as they are.
template <class Operation, class Begin>
begun lint_view::perform(shadow<Operation>& s, Operation& op, Begin begin) noexcept {
  if (blocking_) {
    const begun ended = begin(op);
    if (ended == begun::pending) tell(fault::blocking_pends, "http()");
    else judge(op, false);
    return ended;
  }
  s.error = no_error;
  s.early = s.stopped = false;
  s.owner = this;
  s.done = [](operation& o) noexcept {
    auto& own = static_cast<shadow<Operation>&>(o);
    static_cast<lint_view*>(own.owner)->finished(own);
  };
  copy_request(s, op);
  s.theirs = &op;
  s.beginning = true;
  const begun ended = begin(s);
  s.beginning = false;
  if (ended == begun::pending && !s.early) {
    op.server = &s;
    op.stop = stop_shadow<Operation>;
    return begun::pending;
  }
  s.theirs = nullptr;
  copy_outcome(op, s);
  judge(op, false);
  return begun::completed;
}

template <class Operation>
void lint_view::stop_shadow(operation& op) noexcept {
  auto& s = *static_cast<shadow<Operation>*>(op.server);
  s.stopped = s.stopping = true;
  cancel(s);
  s.stopping = false;
}

template <class Operation>
void lint_view::finished(shadow<Operation>& s) noexcept {
  constexpr auto call = "done";
  if (ended_.load(std::memory_order_acquire)) return tell(fault::done_after_end, call);
  if (s.beginning) {
    s.early = true;
    return tell(fault::done_inside_begin, call);
  }
  if (!s.theirs) return tell(fault::done_again, call);
  if (s.stopping) tell(fault::done_inside_cancel, call);
  if (!executor_.here()) {
    elsewhere_.store(true, std::memory_order_relaxed);
    tell(fault::done_elsewhere, call);
  }
  Operation& op = *std::exchange(s.theirs, nullptr);
  copy_outcome(op, s);
  op.stop = nullptr;
  judge(op, s.stopped);
  run([&op]() noexcept {
    op.done(op);
    return begun::completed;
  });
}

}}  // namespace csgi::v1
