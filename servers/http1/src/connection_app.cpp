// connection_app.cpp - what becomes of a connection when its app has ended, well or badly.
#include <csgi/error.hpp>
#include <csgi/http1/connection.hpp>
#include <csgi/http1/visible.hpp>

namespace csgi::http1 {

namespace {

/// The code of what was thrown; io_error where it has none, and where nothing was thrown.
std::error_code code_of(const std::exception_ptr& failure) noexcept {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const std::system_error& e) {
    return e.code();
  } catch (...) {
  }
  return std::make_error_code(std::errc::io_error);
}

std::string describe(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    return std::string("threw ") + e.what();
  } catch (...) {
    return "threw something that is not a std::exception";
  }
}

}  // namespace

void connection::app_done(std::exception_ptr failure) noexcept {
  drop_pending();
  if (const auto lane = std::exchange(space_->lane, nullptr)) lane->end();
  app_blocks_ = driver_->blocks();
  cancelled_ = cancelled_ || driver_->cancelled();
  stage_ = stage::draining;
  response_framer& framer = space_->framer;
  keep_ = keep_ && framer.keep_alive();
  const std::error_code why = code_of(failure);
  const bool client_left = broken_ || peer_closed_;
  const bool routine = failure && ((client_left && why == std::errc::connection_reset) ||
                                   (cancelled_ && why == std::errc::operation_canceled) || (broken_ && why == broken_));
  try {
    if (broken_) {
      if (failure && !routine) report_fault(describe(failure));
      if (!response_is_whole()) abandon_response(broken_);
    } else if (framer.phase() == phase::finished) {
      if (failure && !routine) report_fault(describe(failure) + " after it had finished its response");
    } else if (framer.phase() == phase::aborted) {
      if (failure && !routine) report_fault(describe(failure) + " after its response was aborted");
      abandon_response(aborted_ ? aborted_ : std::make_error_code(std::errc::operation_canceled));
    } else if (framer.phase() == phase::committed) {
      if (!failure) report_fault("ended without finishing its response");
      else if (!routine) report_fault(describe(failure) + " in the middle of its response");
      abandon_response(why);
    } else {
      answer_instead(failure);
    }
  } catch (const std::bad_alloc&) {
    abandon_response(std::make_error_code(std::errc::not_enough_memory));
  }
}

/// Nothing was sent yet, so the client can be told.
void connection::answer_instead(const std::exception_ptr& failure) noexcept {
  const std::error_code why = code_of(failure);
  const rejection bad_body = space_->decoder.why();
  const bool cut_short = ended_ && !space_->decoder.over();
  if (bad_body || cut_short) {
    // The client's fault, whatever the app made of it; what that was is not lost.
    if (failure && why != std::errc::bad_message && why != std::errc::message_size) report_fault(describe(failure));
    keep_ = false;
    answer(bad_body ? bad_body.status : 400);
  } else if (body_stalled_ && why == std::errc::timed_out) {
    keep_ = false;
    answer(408);
  } else if (peer_closed_ && why == std::errc::connection_reset) {
    abandon_response(why);
  } else if (cancelled_ && why == std::errc::operation_canceled) {
    keep_ = false;
    answer(503);
  } else if (why == std::errc::resource_unavailable_try_again) {
    report_fault(describe(failure));
    answer(503);
  } else {
    // An app that looked whether its client is still there may just end.
    if (failure || !peer_closed_) report_fault(failure ? describe(failure) : "ended without a response");
    answer(500);
  }
}

/// An app that ends while an operation of its is pending has left a dangling one behind: forget it.
void connection::drop_pending() noexcept {
  if (!read_.op && !write_.op && !gone_.op && !notice_.op) return;
  report_fault("ended while an operation was pending");
  const bool was_writing = write_.op != nullptr;
  read_ = write_ = gone_ = notice_ = {};
  if (was_writing) abandon_response(std::make_error_code(std::errc::operation_not_permitted));
}

void connection::report_fault(std::string_view what) noexcept { log(log_level::error, what); }

void connection::log(log_level level, std::string_view text) noexcept {
  try {
    std::string line = shared_.app_name;
    line += ": ";
    append_visibly(line, head().method);
    line += ' ';
    append_visibly(line, head().target);
    line += ": ";
    append_visibly(line, text);
    shared_.observer->log(level, line);
  } catch (const std::bad_alloc&) {
    shared_.observer->log(level, "out of memory while logging");
  }
}

}  // namespace csgi::http1
