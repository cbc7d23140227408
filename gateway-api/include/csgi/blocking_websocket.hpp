// csgi/blocking_websocket.hpp - the front of a WebSocket for plain functions.
#pragma once
#include <csgi/blocking_exchange.hpp>
#include <csgi/websocket_handle.hpp>

namespace csgi { inline namespace v1 {

/// A WebSocket whose operations block the handler's thread. Each throws the csgi::error of its std::errc value. It is empty
/// where a thread for each conversation would starve the server: csgi::evented offers WebSockets to async apps only.
///
///   csgi::blocking_websocket socket(ex);
///   if (!socket) return csgi::want_websocket(ex);
///   socket.accept();
///   while (const auto got = socket.receive()) socket.send(got);
class blocking_websocket : public websocket_handle {
 public:
  explicit blocking_websocket(blocking_exchange ex) noexcept : websocket_handle(ex) {}

  /// Says yes, with a subprotocol that the client offers, or none.
  ///
  /// Errors:    misuse; disconnected.
  void accept(std::string_view subprotocol = {}, std::span<const field> fields = {}) const {
    accept_op op = accepting(subprotocol, fields);
    raw().begin_accept(op);
    check(op, "accept");
  }

  /// The next message, or a false one once the conversation is over; end() tells how.
  ///
  /// Lifetime:  its data are valid until the next receive.
  /// Errors:    cancelled, where the exchange is to end. A peer that is gone is no error.
  message receive() const { return received(true); }

  /// What there is of the next message: parts of one that may be of any size. `last` marks its end.
  message receive_part() const { return received(false); }

  /// Sends a text message; with `last` false, a part of one.
  ///
  /// Errors:    disconnected, once the peer is gone or has closed; misuse: not UTF-8.
  void send(std::string_view text, bool last = true) const { send_of(text, message_kind::text, last); }
  void send_binary(std::string_view data, bool last = true) const { send_of(data, message_kind::binary, last); }

  /// Sends a message, or a part, of the kind it was received with.
  void send(const message& copy) const { send_of(copy.data, copy.kind, copy.last); }

  /// Ends the conversation; returns when the peer has closed too or its time for that is over.
  ///
  /// Errors:    misuse: a code or reason that may not be sent.
  void close(std::uint16_t code = 1000, std::string_view reason = {}) const {
    close_op op = closing(code, reason);
    raw().begin_close(op);
    check(op, "close");
  }

 private:
  message received(bool whole) const {
    receive_op op;
    op.whole = whole;
    raw().begin_receive(op);
    check(op, "receive");
    return op.got;
  }

  void send_of(std::string_view data, message_kind kind, bool last) const {
    send_op op = sending(data, kind, last);
    raw().begin_send(op);
    check(op, "send");
  }

  // No begin of a blocking app's exchange answers pending, so the outcome is there.
  static void check(const operation& op, const char* name) {
    if (op.error) raise(op.error, name);
  }
};

/// Answers a request that is no WebSocket handshake, where only that is served: 426 Upgrade Required.
inline void want_websocket(blocking_exchange ex) {
  ex.respond(426, "text/plain; charset=utf-8", "This is a WebSocket: a handshake is wanted (RFC 6455).\n");
}

}}  // namespace csgi::v1
