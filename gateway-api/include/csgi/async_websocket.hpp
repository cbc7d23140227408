// csgi/async_websocket.hpp - the front of a WebSocket for coroutines.
#pragma once
#include <csgi/async_exchange.hpp>
#include <csgi/websocket_handle.hpp>
#include <csgi/websocket_refusal.hpp>

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
  struct begin_accepting {
    websocket* socket;
    const request* head;
    begun operator()(accept_op& op) const noexcept { return socket->begin_accept(op); }
    const char* meaning(std::error_code code) const noexcept { return accept_error(code, *head, socket != &no_websocket); }
  };

  struct begin_receiving {
    websocket* socket;
    begun operator()(receive_op& op) const noexcept { return socket->begin_receive(op); }
    const char* meaning(std::error_code code) const noexcept { return receive_error(code, socket->accepted()); }
  };

  auto receiving(bool whole) const noexcept {
    receive_op op;
    op.whole = whole;
    return await_operation<"receive">(op, begin_receiving{&raw()});
  }

  auto send_of(std::string_view data, message_kind kind, bool last) const noexcept {
    return await_operation<"send", send_error>(sending(data, kind, last), [s = &raw()](send_op& o) noexcept { return s->begin_send(o); });
  }

 public:
  explicit async_websocket(async_exchange ex) noexcept : websocket_handle(ex) {}

  /// Says yes, with a subprotocol that the client offers, or none.
  ///
  /// Lifetime:  what is passed is borrowed until it resumes.
  /// Errors:    misuse; disconnected.
  auto accept(std::string_view subprotocol = {}, std::span<const field> fields = {}) const noexcept {
    return await_operation<"accept">(accepting(subprotocol, fields), begin_accepting{&raw(), &handshake()});
  }

  /// Gives the next message, or a false one when the conversation is over, once; end() tells how. It may be stopped without a
  /// loss, so that it can be awaited beside a timer or something else:
  ///
  ///   auto either = csgi::when_any(socket.receive(), csgi::sleep_for(1s));
  ///   const auto first = co_await std::move(either);      // index() 1: nothing has come for a second
  ///
  /// Lifetime:  its data are valid until the next receive.
  /// Errors:    cancelled, where the exchange is to end; misuse, after a false one. A peer that is gone is no error.
  auto receive() const noexcept { return receiving(true); }

  /// Gives what there is of the next message: parts of one that may be of any size. `last` marks its end.
  auto receive_part() const noexcept { return receiving(false); }

  /// Sends a text message; with `last` false, a part of one. A send is not to be stopped while it waits, as by with_timeout() or
  /// by who loses in when_any(): part of it may be on its way, so that the connection is broken off, and its end is 1006. Who
  /// sends and receives at the same time has one coroutine for each, which end by themselves, as with csgi::when_all().
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
    return await_operation<"close", close_error>(closing(code, reason), [s = &raw()](close_op& o) noexcept { return s->begin_close(o); });
  }
};

/// Answers where only a WebSocket is served, and the handle is empty: 426, 501 or 503, in words that say why.
inline task<> want_websocket(async_exchange ex) {
  const auto refusal = refusal_without_websocket(ex);
  ex.start(refusal.status, {{"content-type", "text/plain; charset=utf-8"}});
  co_await ex.finish(refusal.text);
}

}}  // namespace csgi::v1
