// csgi/blocking_websocket.hpp - the front of a WebSocket for plain functions.
#pragma once
#include <csgi/blocking_exchange.hpp>
#include <csgi/websocket_handle.hpp>
#include <csgi/websocket_refusal.hpp>
#include <optional>

namespace csgi { inline namespace v1 {

/// A WebSocket whose operations block the handler's thread. Each throws the csgi::error of its std::errc value. It is empty
/// where a thread for each conversation would starve the server: csgi::evented offers WebSockets to async apps only.
///
/// At a stop the server itself closes with 1001, and the pending receive tells that it is over: a blocking app has no farewell of
/// its own to say. One that wants to is async, and waits for server_drains(ex) beside its receive (CSGI-WS-036).
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
    if (op.error) raise(op.error, "accept", accept_error(op.error, handshake(), static_cast<bool>(*this)));
  }
  void accept(std::string_view subprotocol, std::initializer_list<field> fields) const {
    accept(subprotocol, std::span(fields.begin(), fields.size()));
  }

  /// The next message, or a false one when the conversation is over, once; end() tells how.
  ///
  /// Lifetime:  its data are valid until the next receive.
  /// Errors:    cancelled, where the exchange is to end; misuse, after a false one. A peer that is gone is no error.
  message receive() const { return received(true); }

  /// The same, within a time: none where that is over, and nothing is lost. A message that is false is the conversation's end.
  ///
  ///   for (;;) {
  ///     const auto got = socket.receive_for(1s);
  ///     if (!got) socket.send("nothing new");
  ///     else if (*got) socket.send(*got);
  ///     else break;
  ///   }
  template <class Rep, class Period>
  std::optional<message> receive_for(std::chrono::duration<Rep, Period> limit) const {
    receive_op op;
    op.limit = from_now(limit) - clock::now();
    raw().begin_receive(op);
    if (op.error == std::errc::timed_out) return std::nullopt;
    check_received(op, "receive_for");
    return op.got;
  }

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
    check<close_error>(op, "close");
  }

 private:
  message received(bool whole) const {
    receive_op op;
    op.whole = whole;
    raw().begin_receive(op);
    check_received(op, "receive");
    return op.got;
  }

  void check_received(const receive_op& op, const char* name) const {
    if (op.error) raise(op.error, name, receive_error(op.error, accepted()));
  }

  void send_of(std::string_view data, message_kind kind, bool last) const {
    send_op op = sending(data, kind, last);
    raw().begin_send(op);
    check<send_error>(op, "send");
  }

  // No begin of a blocking app's exchange answers pending, so the outcome is there.
  template <error_meaning Meaning>
  static void check(const operation& op, const char* name) {
    if (op.error) raise(op.error, name, Meaning(op.error));
  }
};

/// Answers where only a WebSocket is served, and the handle is empty: 426, 501 or 503, in words that say why.
inline void want_websocket(blocking_exchange ex) {
  const auto refusal = refusal_without_websocket(ex);
  ex.respond(refusal.status, "text/plain; charset=utf-8", refusal.text);
}

}}  // namespace csgi::v1
