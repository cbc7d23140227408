// view_operations.cpp - see view.hpp: operations, begun in the app's place.
#include <algorithm>
#include <csgi/checked_head.hpp>
#include "desk.hpp"
#include "request_faults.hpp"
#include "view_perform.hpp"

namespace csgi { inline namespace v1 {

namespace {

begun refused(operation& op) noexcept {
  op.error = std::make_error_code(std::errc::operation_not_permitted);
  return begun::completed;
}

}  // namespace

std::error_code lint_view::start(const response_head& head) noexcept {
  constexpr auto call = "start()";
  if (!alive(call)) return std::make_error_code(std::errc::operation_not_permitted);
  if (!here(call)) return next_.start(head);
  if (accepted_) {
    operation outcome;
    begin_beside_socket(outcome, call, [&](operation& op) noexcept {
      op.error = next_.start(head);
      return begun::completed;
    });
    return outcome.error;
  }
  const auto before = observe(call);
  const auto checked = check_head(head);
  const bool late = before >= csgi::phase::committed;
  const bool counted = announces_ && checked && checked->length;      // nothing could follow such a body
  if (!checked) tell(fault::bad_head, call, faulty_part_of(head));
  else if (counted) tell(fault::bad_head, call, "a Content-Length, and trailers are announced");
  const bool unnoticed = lost_ || (before == csgi::phase::aborted && !aborted_by_app_);
  if (late && judges() && !unnoticed) tell(fault::out_of_turn_start, call);
  const auto error = next_.start(head);
  if (!judges()) return error;
  if (error) {
    operation refusal;
    refusal.error = error;
    judge_answer(refusal, begun::completed, before, csgi::phase::open, call);
    judge_refused(refusal, before, call);
    const bool known = error == std::errc::invalid_argument || error == std::errc::operation_not_permitted ||
                       error == std::errc::not_enough_memory;
    if (!known) tell(fault::odd_error, call);
    return error;
  }
  if (!checked) tell(fault::bad_head_taken, call);
  if (counted) tell(fault::bad_trailers_announced, call);
  if (late) tell(fault::late_start_taken, call);
  const auto now = observe(call);
  if (now != csgi::phase::started && now != csgi::phase::aborted) tell(fault::phase_after_start, call);
  status_ = head.status;
  head_bytes_ = 0;
  for (const field& f : head.fields) head_bytes_ += f.name.size() + f.value.size() + 4;
  declared_ = checked ? checked->length : std::nullopt;
  written_ = 0;
  return error;
}

begun lint_view::begin_read(read_op& op) noexcept {
  constexpr auto call = "begin_read()";
  const auto begin = [this](read_op& o) noexcept { return next_.begin_read(o); };
  if (!alive(call)) return refused(op);
  if (!here(call)) return begin(op);
  count_operation(call);
  if (accepted_) return begin_beside_socket(op, call, begin);
  if (read_.theirs) return begin_second(op, read_.theirs == &op ? fault::begun_again : fault::second_read, call, begin);
  if (!chunk_.empty() && sample_of(chunk_) != chunk_sample_) tell(fault::changed_chunk, call);
  chunk_ = {};
  const auto before = observe(call);
  out_of_turn(before, csgi::phase::open, call);
  const begun ended = perform(read_, op, begin);
  judge_answer(op, ended, before, csgi::phase::open, call);
  return ended;
}

begun lint_view::begin_write(write_op& op) noexcept {
  return write(write_, op, "begin_write()", [this](write_op& o) noexcept { return next_.begin_write(o); });
}

begun lint_view::begin_send_file(file_op& op) noexcept {
  return write(file_, op, "begin_send_file()", [this](file_op& o) noexcept { return sender_->begin_send_file(o); });
}

template <class Operation, class Begin>
begun lint_view::write(shadow<Operation>& s, Operation& op, const char* call, Begin begin) noexcept {
  if (!alive(call)) return refused(op);
  if (!here(call)) return begin(op);
  count_operation(call);
  if (accepted_) return begin_beside_socket(op, call, begin);
  if (writes()) return begin_second(op, s.theirs == &op ? fault::begun_again : fault::second_write, call, begin);
  const auto before = observe(call);
  const outgoing what = size_of(op);
  ++writes_begun_;
  largest_write_ = std::max<std::size_t>(largest_write_, what.size);
  if (!out_of_turn(before, csgi::phase::started, call) && before < csgi::phase::finished) judge_body(what, call);
  const begun ended = perform(s, op, begin);
  judge_answer(op, ended, before, csgi::phase::started, call);
  if (ended == begun::pending || !op.error) judge_taken(what, before, call);
  else judge_refused(op, before, call);
  return ended;
}

begun lint_view::begin_gone(operation& op) noexcept {
  constexpr auto call = "begin_gone()";
  const auto begin = [this](operation& o) noexcept { return next_.begin_gone(o); };
  if (!alive(call)) return refused(op);
  if (!here(call)) return begin(op);
  if (gone_.theirs) return begin_second(op, gone_.theirs == &op ? fault::begun_again : fault::second_gone, call, begin);
  const begun ended = perform(gone_, op, begin);
  if (blocking_ && op.error != std::errc::operation_not_supported) tell(fault::gone_while_blocking, call);
  return ended;
}

}}  // namespace csgi::v1
