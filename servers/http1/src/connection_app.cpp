// connection_app.cpp - what becomes of a connection when its app has ended, well or badly.
#include <csgi/http1/connection.hpp>
#include <csgi/serving/app_end.hpp>
#include <csgi/serving/visible.hpp>

namespace csgi::http1 {

void connection::app_done(std::exception_ptr failure) noexcept {
  if (const auto lane = std::exchange(space_->lane, nullptr)) lane->end();
  app_blocks_ = driver_->blocks();
  const bool late = app_deadline_ != clock::time_point::max() && app_deadline_ <= driver_->now();
  if (late) log(log_level::warning, "took longer than deadlines.app");
  if (driver_->cancelled()) {
    cancelled_ = true;
    grace_is_over_ = grace_is_over_ || !late;
  }
  if (in_websocket()) return leave_websocket(std::move(failure));
  drop_pending();
  settle(std::move(failure));
}

void connection::settle(std::exception_ptr failure) noexcept {
  stage_ = stage::draining;
  if (ended_well(phase(), failure, broken_)) return;
  keep_ = keep_ && space_->framer.keep_alive();
  const rejection bad_body = space_->decoder.why();
  const bool cut_short = ended_ && !space_->decoder.over();
  try {
    const app_end end = judge_end({
        .phase = phase(),
        .failure = std::move(failure),
        .lost = broken_,
        .aborted = aborted_,
        .sent = response_is_whole(),
        .peer_closed = peer_closed_,
        .cancelled = cancelled_,
        .body_stalled = body_stalled_,
        .bad_body = bad_body ? bad_body.status : cut_short ? 400 : 0,
    });
    if (!end.fault.empty()) report_fault(end.fault);
    if (end.close) keep_ = false;
    if (end.then == app_end::action::abort) abandon_response(end.why);
    if (end.then == app_end::action::answer) answer(end.status);
  } catch (const std::bad_alloc&) {
    abandon_response(std::make_error_code(std::errc::not_enough_memory));
  }
}

/// An app that ends while an operation of its is pending has left a dangling one behind: forget it.
void connection::drop_pending() noexcept {
  if (!read_.op && !write_.op && !gone_.op && !notice_.op && !drained_.op) return;
  report_fault("ended while an operation was pending");
  const bool was_writing = write_.op != nullptr;
  read_ = write_ = gone_ = notice_ = drained_ = {};
  if (was_writing) abandon_response(std::make_error_code(std::errc::operation_not_permitted));
}

void connection::report_fault(std::string_view what) noexcept { log(log_level::error, what); }

void connection::log(log_level level, std::string_view text) noexcept {
  try {
    shared_.observer->log(level, log_line(shared_.app_name, head(), text));
  } catch (const std::bad_alloc&) {
    shared_.observer->log(level, "out of memory while logging");
  }
}

}  // namespace csgi::http1
