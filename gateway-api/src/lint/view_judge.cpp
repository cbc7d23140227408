// view_judge.cpp - see view.hpp: what both sides may do.
#include <algorithm>
#include "desk.hpp"
#include "request_faults.hpp"

namespace csgi { inline namespace v1 {

namespace {

using errors = std::initializer_list<std::errc>;

bool among(const std::error_code& error, errors allowed) noexcept {
  return std::ranges::any_of(allowed, [&](std::errc each) { return error == each; });
}

constexpr errors of_reads = {std::errc::bad_message, std::errc::message_size, std::errc::timed_out, std::errc::connection_reset,
                             std::errc::operation_canceled, std::errc::operation_in_progress, std::errc::operation_not_permitted,
                             std::errc::not_enough_memory};
constexpr errors of_writes = {std::errc::bad_message, std::errc::message_size, std::errc::timed_out, std::errc::connection_reset,
                              std::errc::operation_canceled, std::errc::operation_in_progress, std::errc::operation_not_permitted,
                              std::errc::not_enough_memory, std::errc::io_error};
constexpr errors of_gone = {std::errc::connection_reset, std::errc::operation_canceled, std::errc::timed_out,
                            std::errc::operation_in_progress, std::errc::operation_not_supported, std::errc::not_enough_memory};

}  // namespace

// --- the app ------------------------------------------------------------------------------------------------------

/// An app need not have noticed yet that its request was lost.
bool lint_view::out_of_turn(csgi::phase before, csgi::phase earliest, const char* call) const noexcept {
  if (!judges() || lost_ || (before == csgi::phase::aborted && !aborted_by_app_)) return false;
  if (before < earliest) tell(fault::out_of_turn_early, call);
  else if (before >= csgi::phase::finished) tell(fault::out_of_turn_late, call);
  else return false;
  return true;
}

void lint_view::judge_body(outgoing what, const char* call) const noexcept {
  if (!judges() || lost_) return;
  if (what.size > 0 && !is_head_ && (status_ == 204 || status_ == 205 || status_ == 304)) tell(fault::unwanted_body, call);
  if (!declared_ || bodiless()) return;
  const auto whole = written_ + what.size;
  if (whole > *declared_) tell(fault::body_too_long, call, bytes_of(whole, *declared_));
  if (what.then == ending::finish && whole < *declared_) tell(fault::body_too_short, call, bytes_of(whole, *declared_));
}

void lint_view::note_loss(const operation& op) noexcept {
  if (op.error == std::errc::operation_canceled) told_to_end_ = true;
  if (lost_ || (op.error != std::errc::connection_reset && op.error != std::errc::operation_canceled)) return;
  lost_ = true;
  lost_at_ = clock::now();
}

void lint_view::count_operation(const char* call) noexcept {
  if (lost_ && ++after_loss_ > desk_.with.most_after_loss) tell(fault::goes_on, call);
}

/// Whether there may be nobody to finish a response for.
bool lint_view::excused() noexcept { return lost_ || told_to_end_ || left_ || !next_.connected(); }

// --- the server ---------------------------------------------------------------------------------------------------

void lint_view::judge(const read_op& op, bool stopped) noexcept {
  constexpr auto call = "begin_read()";
  if (op.error) {
    if (!among(op.error, of_reads)) tell(fault::odd_error, call);
    if (!op.chunk.empty()) tell(fault::chunk_with_error, call);
    if (!stopped) note_loss(op);
    else told_to_end_ = true;
    return;
  }
  chunk_ = op.chunk;
  chunk_sample_ = sample_of(chunk_);
  if (upgraded_) return;
  read_bytes_ += op.chunk.size();
  if (!op.chunk.empty() && read_all_) tell(fault::bytes_behind_end, call);
  read_all_ = read_all_ || op.chunk.empty();
  if (head_.body == body_kind::unknown) return;
  const auto whole = head_.body == body_kind::known ? head_.content_length : 0;
  if (read_bytes_ > whole || (read_all_ && read_bytes_ < whole)) tell(fault::wrong_body_size, call);
}

void lint_view::judge_write(const operation& op, bool stopped, const char* call) noexcept {
  if (!op.error) return judge_mark(call);
  if (!among(op.error, of_writes)) tell(fault::odd_error, call);
  if (!stopped) return note_loss(op);
  told_to_end_ = true;
  if (!judges() || op.error != std::errc::operation_canceled) return;
  if (observe(call) < csgi::phase::finished) tell(fault::phase_after_abort, call);
}

void lint_view::judge(const operation& op, bool) noexcept {
  constexpr auto call = "begin_gone()";
  if (!op.error) return tell(fault::gone_without_reason, call);
  if (!among(op.error, of_gone)) tell(fault::odd_error, call);
  const bool ends = among(op.error, {std::errc::connection_reset, std::errc::operation_canceled, std::errc::timed_out});
  told_to_end_ = told_to_end_ || ends;
}

/// A call that was in its turn when it was made. The request may have been lost since: what stops it comes from any thread.
void lint_view::tell_refused_unduly(const char* call) const noexcept {
  if (observe(call) < csgi::phase::finished) tell(fault::refused_unduly, call);
}

/// Whether a call that was in its turn was taken, and one that was not was refused.
void lint_view::judge_answer(const operation& op, begun ended, csgi::phase before, csgi::phase earliest,
                             const char* call) const noexcept {
  if (!judges()) return;
  if (ended == begun::pending || !op.error) {
    if (before < earliest) tell(fault::early_write_taken, call);
    if (before >= csgi::phase::finished) tell(fault::late_call_taken, call);
    return;
  }
  const bool refused = op.error == std::errc::operation_not_permitted || op.error == std::errc::operation_in_progress;
  const auto last = call == std::string_view("start()") ? csgi::phase::started : csgi::phase::committed;
  if (refused && before >= earliest && before <= last) tell_refused_unduly(call);
}

void lint_view::judge_taken(outgoing what, csgi::phase before, const char* call) noexcept {
  if (!judges()) return;
  if (declared_ && !bodiless()) {
    if (written_ + what.size > *declared_) tell(fault::long_body_taken, call);
    else if (what.then == ending::finish && written_ + what.size < *declared_) tell(fault::short_body_taken, call);
  }
  written_ += what.size;
  const bool commits = what.size > 0 || what.then != ending::more;
  const auto expected = what.then == ending::finish ? csgi::phase::finished : commits ? csgi::phase::committed : before;
  if (const auto now = observe(call); now != expected && now != csgi::phase::aborted) tell(fault::phase_after_write, call);
}

void lint_view::judge_refused(const operation& op, csgi::phase before, const char* call) const noexcept {
  if (!judges()) return;
  const auto now = observe(call);
  const bool breaks = op.error == std::errc::bad_message || op.error == std::errc::io_error;
  const bool nothing = among(op.error, {std::errc::operation_not_permitted, std::errc::operation_in_progress,
                                        std::errc::invalid_argument, std::errc::message_size});
  if (breaks && now < csgi::phase::finished) tell(fault::phase_after_abort, call);
  if (nothing && now != before && now != csgi::phase::aborted) tell(fault::phase_after_refusal, call);
}

}}  // namespace csgi::v1
