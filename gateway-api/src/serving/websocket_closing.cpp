// websocket_closing.cpp - see csgi/serving/websocket_session.hpp: how a conversation ends.
#include <csgi/serving/websocket_session.hpp>

namespace csgi { inline namespace v1 {
namespace {

std::error_code code(std::errc e) noexcept { return std::make_error_code(e); }

}  // namespace

void websocket_session::set_end(std::uint16_t why, std::string_view reason) noexcept {
  end_code_ = why;
  reason_size_ = static_cast<unsigned char>(std::min(reason.size(), reason_.size()));
  std::copy_n(reason.begin(), reason_size_, reason_.begin());
}

/// This side's own words.
void websocket_session::say_closing(std::uint16_t why, std::string_view reason) noexcept {
  set_end(why, reason);
  closing_ = websocket_close_payload(why, reason);
  append_close();
}

/// This side closes, and waits for the peer to.
void websocket_session::begin_closing(std::uint16_t why, std::string_view reason) noexcept {
  state_ = state::closing;
  say_closing(why, reason);
  close_by_ = from_now(settings_.close);
  has_held_ = false;
  flush();
  if (state_ == state::over) return;
  if (has_limits_) spend_limit();
  if (reading_) stream_.wait_for(read_limit_ = patience());
  else if (!blocks()) look_ahead();
}

void websocket_session::peer_closes(std::uint16_t why, std::string_view reason) noexcept {
  const bool answered = state_ == state::closing;
  set_end(why, reason);
  clean_ = true;
  if (!answered) {
    closing_ = websocket_close_payload(why);
    append_close();
  }
  finish();
}

/// The peer has broken the protocol, or a limit: it is told, and not waited for.
void websocket_session::refuse_peer(std::uint16_t why) noexcept {
  if (state_ == state::open) say_closing(why, {});
  finish();
}

/// All is said.
void websocket_session::finish() noexcept {
  state_ = state::over;
  if (writing_) finish_due_ = true;
  else write({}, ending::finish);
  conclude(code(std::errc::connection_reset));
}

/// The connection is of no use any more, or not used any more.
void websocket_session::lose(std::error_code why) noexcept {
  if (state_ == state::over) return;
  state_ = state::over;
  stream_.abort(static_cast<std::errc>(why.value()));
  conclude(why);
}

/// Tells the app's pending operations. A lost connection is an end like others for who receives.
void websocket_session::conclude(std::error_code why) noexcept {
  has_held_ = false;
  if (receive_) tell_receive();
  complete_soon(send_, why);
  complete_soon(close_, cancelled_ ? why : no_error);
}

/// A receive that is stopped before it hears of the end has not told it: the next one does.
void websocket_session::tell_receive() noexcept {
  receive_->got.open = false;
  if (cancelled_) return complete_soon(receive_, code(std::errc::operation_canceled));
  receive_op& op = *std::exchange(receive_, nullptr);
  told_ = true;
  op.error = no_error;
  op.stop = [](operation& o) noexcept {
    static_cast<websocket_session*>(o.server)->told_ = false;
    o.error = code(std::errc::operation_canceled);
  };
  op.run = [](work& w) noexcept {
    auto& told = static_cast<operation&>(w);
    told.stop = nullptr;
    told.done(told);
  };
  stream_.executor().post(op);
}

void websocket_session::cancel_all() noexcept {
  if (cancelled_) return;
  cancelled_ = true;
  const auto cancelled = code(std::errc::operation_canceled);
  if (state_ == state::offered || state_ == state::over) return;
  if (writing_) return lose(cancelled);
  if (state_ == state::open) say_closing(websocket_close_code::going_away, {});
  state_ = state::over;
  write({}, ending::finish);
  conclude(cancelled);
}

}}  // namespace csgi::v1
