// websocket_output.cpp - see csgi/serving/websocket_session.hpp: what goes out, and when.
#include <csgi/serving/websocket_session.hpp>
#include <new>

namespace csgi { inline namespace v1 {

/// A ping that comes before the last one is answered makes that needless (RFC 6455, 5.5.3).
void websocket_session::append_control(websocket_opcode opcode, std::string_view payload) noexcept {
  try {
    if (writing_) {
      due_pong_.assign(payload);      // closes wait elsewhere, and pings are not sent meanwhile
      pong_due_ = true;
      return;
    }
    append_websocket_frame(stream_.output(), {.opcode = opcode, .ends = true, .compressed = false}, payload);
    unsent_ = true;
  } catch (const std::bad_alloc&) {
    lose(std::make_error_code(std::errc::not_enough_memory));
  }
}

void websocket_session::append_close() noexcept {
  if (writing_) close_due_ = true;
  else append_control(websocket_opcode::close, closing_.bytes());
}

void websocket_session::flush() noexcept {
  if (unsent_ && !writing_ && state_ != state::over) write({}, ending::flush);
}

/// Whether the write is done, well or badly.
bool websocket_session::write(std::string_view borrowed, ending then) noexcept {
  unsent_ = false;
  held_back_ = 0;
  write_.data = borrowed;
  write_.then = then;
  writing_ = true;      // in a write that blocks the server may close
  writing_ = stream_.begin_write(write_) == begun::pending;
  if (writing_) return false;
  if (write_.error) [[unlikely]] lose(write_.error);
  else if (!has_due() || !append_due()) flush();
  return true;
}

/// What waited for the end of a write. Whether that is all that is ever sent.
bool websocket_session::append_due() noexcept {
  if (std::exchange(pong_due_, false)) append_control(websocket_opcode::pong, due_pong_);
  if (std::exchange(close_due_, false)) append_close();
  if (!std::exchange(finish_due_, false)) return false;
  write({}, ending::finish);
  return true;
}

void websocket_session::on_written() noexcept {
  writing_ = false;
  inline_bytes_ = 0;
  if (write_.error) {
    finish_due_ = false;
    return lose(write_.error);
  }
  if (state_ == state::over && !finish_due_) return;
  if (append_due()) return;
  if (!send_under_way_ && state_ != state::open) complete_soon(send_, std::make_error_code(std::errc::connection_reset));
  if (!send_) return flush();
  send_op& op = *std::exchange(send_, nullptr);
  if (!std::exchange(send_under_way_, false)) {
    if (transmit(op) == begun::completed) post_done(stream_.executor(), op);
    return;
  }
  in_event_ = true;
  if (!complete_now(op)) return;
  in_event_ = false;
  tidy();
}

/// The app waits for something, or is done for now.
void websocket_session::tidy() noexcept {
  flush();
  if (reading_) return;
  if (receive_op* const op = try_pending()) post_done(stream_.executor(), *op);
  else if (!blocks()) look_ahead();
}

void websocket_session::tidy_soon() noexcept {
  if (left_ || std::exchange(tidying_->queued, true)) return;
  stream_.executor().post(*tidying_);
}

}}  // namespace csgi::v1
