// connection_upgrade.cpp - a connection that leaves HTTP: as a stream of bytes, or of a WebSocket's messages.
#include <csgi/http1/connection.hpp>
#include <csgi/serving/app_end.hpp>
#include <csgi/serving/upgrade_offer.hpp>
#include <new>

namespace csgi::http1 {

namespace {

constexpr unsigned most_read_in_closing = 16;       // reads in a row, before others get their turn

begun refused(operation& op, std::errc why) noexcept {
  op.error = std::make_error_code(why);
  return begun::completed;
}

}  // namespace

begun connection::begin_upgrade(upgrade_op& op) noexcept {
  op.error = {};
  if (driver_->blocks()) driver_->run_posted();
  workspace& s = *space_;
  if (!is_free(write_)) return op.error = refusal(write_), begun::completed;
  if (!is_body_read()) return refused(op, std::errc::operation_not_permitted);
  const auto protocol = offered_protocol(s.head, op.protocol);
  if (protocol.empty()) return refused(op, std::errc::invalid_argument);
  if (const auto why = s.framer.upgrade(protocol, op.fields, dates_->now(), s.output.own())) return op.error = why, begun::completed;
  upgraded_ = true;
  app_deadline_ = clock::time_point::max();
  return write_framed(op, ending::flush);
}

// --- WebSocket ----------------------------------------------------------------------------------------------------

begun connection::raw_stream::begin_read(read_op& op, clock::duration limit) noexcept {
  // Without an app, whose executor would give others their turn, a client could send for ever.
  if (of_.stage_ == stage::closing && ++of_.inline_completions_ > most_read_in_closing) {
    of_.socket_.tell_again();
    return of_.pend(of_.read_, op, limit);
  }
  return of_.read(op, limit);
}

void connection::raw_stream::wait_for(clock::duration limit) noexcept { of_.read_.deadline = of_.driver_->now() + limit; }

begun connection::raw_stream::begin_write(write_op& op) noexcept {
  if (op.data.empty() && op.then == ending::flush) return of_.flush(op);
  if (op.then == ending::finish && (of_.cancelled_ || of_.driver_->cancelled())) return of_.finish_at_once(op);
  const begun how = of_.write(op);
  if (op.then == ending::finish && how == begun::completed && !op.error) of_.end_websocket_stream();
  return how;
}

void connection::raw_stream::abort(std::errc reason) noexcept {
  if (of_.phase() < phase::finished) of_.abandon_response(std::make_error_code(reason));
}

/// Once all is sent, the peer sees the end at once: the app may have more to do.
void connection::end_websocket_stream() noexcept {
  if (phase() == phase::finished && in_websocket() && space_->output.empty()) socket_.close_sending();
}

/// Sends what goes now, as nothing is waited for any more.
begun connection::finish_at_once(operation& op) noexcept {
  op.error = {};
  workspace& s = *space_;
  response_framer::frame around;
  if (!broken_) op.error = s.framer.write(0, ending::finish, {}, s.output.own(), around);
  keep_ = false;
  send_output();
  return begun::completed;
}

websocket* connection::find_websocket() noexcept {
  if (space_->websocket) return space_->websocket.get();
  if (!handshake_ || draining()) return nullptr;
  if (driver_->blocks() && !shared_.blocking_websockets) {
    if (!shared_.told_of_those.exchange(true, std::memory_order_relaxed))
      shared_.observer->log(log_level::warning, "a WebSocket of a blocking app is refused: this server has them for coroutines only; "
                                                "threaded has them for both (csgi serve --server threaded)");
    return nullptr;
  }
  try {
    space_->websocket = std::make_unique<websocket_session>(stream_, space_->head, shared_.websocket);
  } catch (const std::bad_alloc&) {
  }
  return space_->websocket.get();
}

/// The app is done. What it has left open is closed before the response is settled.
void connection::leave_websocket(std::exception_ptr failure) noexcept {
  websocket_session& socket = *space_->websocket;
  const std::error_code why = code_of(failure);
  const bool routine = (broken_ && why == broken_) || ((broken_ || peer_closed_ || socket.closed()) && why == std::errc::connection_reset) ||
                       (cancelled_ && why == std::errc::operation_canceled);
  app_failed_ = failure && !routine;
  try {
    if (app_failed_) report_fault(describe(failure));
  } catch (const std::bad_alloc&) {
    report_fault("threw");
  }
  if (gone_.op || notice_.op || socket.busy()) {
    report_fault("ended while an operation was pending");
    gone_ = notice_ = {};
    socket.forget_operations();
    if (!socket.over()) abandon_response(std::make_error_code(std::errc::operation_not_permitted));
  }
  stage_ = stage::closing;
}

/// Whether there is more to do right now.
bool connection::close_websocket() noexcept {
  websocket_session& socket = *space_->websocket;
  if (!socket.left()) socket.leave(app_failed_ ? websocket_close_code::internal_error : websocket_close_code::normal);
  if (!socket.over() && !broken_) return false;
  read_ = write_ = {};      // the WebSocket's own, which nobody waits for any more
  settle(nullptr);
  return true;
}

}  // namespace csgi::http1
