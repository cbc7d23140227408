// csgi/websocket_handle.hpp - what both fronts of a WebSocket have in common.
#pragma once
#include <csgi/absent_websocket.hpp>
#include <csgi/exchange_handle.hpp>
#include <csgi/websocket.hpp>
#include <csgi/websocket_errors.hpp>
#include <csgi/websocket_protocol_offers.hpp>

namespace csgi { inline namespace v1 {

/// A handle to the WebSocket of an exchange: one pointer, passed by value. It owns nothing.
class websocket_handle {
 public:
  /// Empty where the request is no handshake, or nobody serves it as one. Operations of an empty one fail with
  /// operation_not_permitted.
  explicit websocket_handle(exchange_handle ex) noexcept : exchange_(&ex.raw()) {
    if (websocket* const offered = ex.find<websocket>()) socket_ = offered;
  }

  explicit operator bool() const noexcept { return socket_ != &no_websocket; }
  websocket& raw() const noexcept { return *socket_; }

  /// Whether accept() has been done: what follows is a conversation, and no response.
  bool accepted() const noexcept { return raw().accepted(); }

  /// The subprotocols that the client offers.
  websocket_protocol_offers offered() const noexcept { return websocket_protocol_offers(exchange_->head().fields); }
  bool offers(std::string_view subprotocol) const noexcept { return offers_websocket_protocol(exchange_->head().fields, subprotocol); }

  /// How it ended; see websocket::end(). Of an empty one: 1006.
  websocket_end end() const noexcept { return raw().end(); }

 protected:
  const request& handshake() const noexcept { return exchange_->head(); }

  static accept_op accepting(std::string_view subprotocol, std::span<const field> fields) noexcept {
    accept_op op;
    op.subprotocol = subprotocol;
    op.fields = fields;
    return op;
  }

  static send_op sending(std::string_view data, message_kind kind, bool last) noexcept {
    send_op op;
    op.data = data;
    op.kind = kind;
    op.last = last;
    return op;
  }

  static close_op closing(std::uint16_t code, std::string_view reason) noexcept {
    close_op op;
    op.code = code;
    op.reason = reason;
    return op;
  }

 private:
  exchange* exchange_;
  websocket* socket_ = &no_websocket;
};

}}  // namespace csgi::v1
