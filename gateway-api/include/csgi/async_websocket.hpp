// csgi/async_websocket.hpp - the front of a WebSocket for coroutines.
#pragma once
#include <csgi/async_exchange.hpp>
#include <csgi/websocket_handle.hpp>

namespace csgi { inline namespace v1 {

/// A WebSocket whose operations are awaited. Each throws the csgi::error of its std::errc value.
///
///   csgi::async_websocket socket(ex);
///   if (!socket) co_return co_await csgi::want_websocket(ex);
///   co_await socket.accept();
///   for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) co_await socket.send(got);
///
/// Compiler:  with g++ 12, one co_await per statement and no braces inside it.
class async_websocket : public websocket_handle {
 private:
  auto receiving(bool whole) const noexcept {
    receive_op op;
    op.whole = whole;
    return await_operation<"receive">(op, [s = &raw()](receive_op& o) noexcept { return s->begin_receive(o); });
  }

  auto send_of(std::string_view data, message_kind kind, bool last) const noexcept {
    return await_operation<"send">(sending(data, kind, last), [s = &raw()](send_op& o) noexcept { return s->begin_send(o); });
  }

 public:
  explicit async_websocket(async_exchange ex) noexcept : websocket_handle(ex) {}

  /// Says yes, with a subprotocol that the client offers, or none.
  ///
  /// Lifetime:  what is passed is borrowed until it resumes.
  /// Errors:    misuse; disconnected.
  auto accept(std::string_view subprotocol = {}, std::span<const field> fields = {}) const noexcept {
    return await_operation<"accept">(accepting(subprotocol, fields), [s = &raw()](accept_op& o) noexcept { return s->begin_accept(o); });
  }

  /// Gives the next message, or a false one once the conversation is over; end() tells how.
  ///
  /// Lifetime:  its data are valid until the next receive.
  /// Errors:    cancelled, where the exchange is to end. A peer that is gone is no error.
  auto receive() const noexcept { return receiving(true); }

  /// Gives what there is of the next message: parts of one that may be of any size. `last` marks its end.
  auto receive_part() const noexcept { return receiving(false); }

  /// Sends a text message; with `last` false, a part of one.
  ///
  /// Lifetime:  `text` is borrowed until it resumes.
  /// Errors:    disconnected, once the peer is gone or has closed; misuse: not UTF-8.
  auto send(std::string_view text, bool last = true) const noexcept { return send_of(text, message_kind::text, last); }
  auto send_binary(std::string_view data, bool last = true) const noexcept { return send_of(data, message_kind::binary, last); }

  /// Sends a message, or a part, of the kind it was received with.
  auto send(const message& copy) const noexcept { return send_of(copy.data, copy.kind, copy.last); }

  /// Ends the conversation, and resumes when the peer has closed too or its time for that is over.
  ///
  /// Lifetime:  `reason` is borrowed until it resumes.
  /// Errors:    misuse: a code or reason that may not be sent.
  auto close(std::uint16_t code = 1000, std::string_view reason = {}) const noexcept {
    return await_operation<"close">(closing(code, reason), [s = &raw()](close_op& o) noexcept { return s->begin_close(o); });
  }
};

/// Answers a request that is no WebSocket handshake, where only that is served: 426 Upgrade Required.
inline task<> want_websocket(async_exchange ex) {
  ex.start(426, {{"content-type", "text/plain; charset=utf-8"}});
  co_await ex.finish("This is a WebSocket: a handshake is wanted (RFC 6455).\n");
}

}}  // namespace csgi::v1
