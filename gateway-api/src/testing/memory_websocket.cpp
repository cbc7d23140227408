// memory_websocket.cpp - see memory_websocket.hpp.
#include "memory_websocket.hpp"
#include "counted_lane.hpp"
#include "viewed_head.hpp"

namespace csgi::testing {

memory_websocket::memory_websocket(memory_exchange& of)
    : exchange_(of), session_(*this, of.request_.get(), settings_) {
  settings_.message = of.client_.websocket_message;
  settings_.ping = of.client_.websocket_ping;
  settings_.close = of.client_.websocket_close;
}

// --- for the app --------------------------------------------------------------------------------------------------

/// What is refused is held against the app, unless its request was lost.
template <class Operation, class Begin>
begun memory_websocket::perform(const char* call, Operation& op, Begin begin) noexcept {
  memory_exchange& x = exchange_;
  {
    std::unique_lock lock(x.mutex());
    ++x.begun_;
    if (!x.permits(call)) return x.refuse(op, std::errc::operation_not_permitted);
    if (x.blocks_) x.handler_.run_posted(lock);
  }
  const begun how = begin(op);
  if (how == begun::pending || !op.error) return how;
  const std::lock_guard lock(x.mutex());
  if (x.lost_ || x.cancelled_) {
    ++x.failed_;
  } else if (op.error == std::errc::operation_not_permitted || op.error == std::errc::operation_in_progress) {
    x.hold(misuse::out_of_turn, std::string(call) + " of a WebSocket was called out of turn");
  } else if (op.error == std::errc::invalid_argument) {
    x.hold(misuse::bad_words, std::string(call) + " of a WebSocket refused what may not be sent");
  }
  return how;
}

/// Who has closed has nothing more to say, though that is no error: the conversation is over, as if the client had ended it.
void memory_websocket::judge_turn(const char* call) noexcept {
  const std::lock_guard lock(exchange_.mutex());
  if (!has_closed_ || exchange_.lost_ || exchange_.cancelled_ || exchange_.stage_ != memory_exchange::stage::running) return;
  exchange_.hold(misuse::out_of_turn, std::string(call) + " of a WebSocket was called when the app had closed it");
}

begun memory_websocket::begin_accept(accept_op& op) noexcept {
  return perform("begin_accept()", op, [this](accept_op& o) noexcept { return session_.begin_accept(o); });
}
begun memory_websocket::begin_receive(receive_op& op) noexcept {
  return perform("begin_receive()", op, [this](receive_op& o) noexcept { return session_.begin_receive(o); });
}
begun memory_websocket::begin_send(send_op& op) noexcept {
  judge_turn("begin_send()");
  return perform("begin_send()", op, [this](send_op& o) noexcept { return session_.begin_send(o); });
}
begun memory_websocket::begin_close(close_op& op) noexcept {
  judge_turn("begin_close()");
  const begun how = perform("begin_close()", op, [this](close_op& o) noexcept { return session_.begin_close(o); });
  if (how == begun::pending || !op.error) has_closed_ = true;
  return how;
}

// --- for the session ----------------------------------------------------------------------------------------------

csgi::executor& memory_websocket::executor() noexcept {
  if (exchange_.blocks_) return exchange_.handler_;
  return exchange_.loop_;
}

begun memory_websocket::begin_upgrade(upgrade_op& op) noexcept {
  std::unique_lock lock(exchange_.mutex());
  const begun how = exchange_.begin_raw_upgrade(op, lock);
  exchange_.in_websocket_ = exchange_.upgraded_;
  return how;
}

void memory_websocket::wait_for(clock::duration limit) noexcept {
  const std::lock_guard lock(exchange_.mutex());
  exchange_.limit_read(limit);
}

void memory_websocket::set_aside() noexcept {
  const std::lock_guard lock(exchange_.mutex());
  exchange_.set_chunk_aside();
}

void memory_websocket::take_back() noexcept {
  const std::lock_guard lock(exchange_.mutex());
  exchange_.drop_aside();
}

begun memory_websocket::begin_write(write_op& op) noexcept {
  std::string bytes = std::exchange(output_, {});
  bytes += op.data;
  const auto messages = session_.sent();
  std::unique_lock lock(exchange_.mutex());
  exchange_.message_bytes_ = messages;
  return exchange_.begin_raw_write(op, std::move(bytes), lock);
}

void memory_websocket::abort(std::errc reason) noexcept {
  const std::lock_guard lock(exchange_.mutex());
  if (!exchange_.whole_ && !exchange_.lost_) exchange_.break_off(reason);
}

}  // namespace csgi::testing
