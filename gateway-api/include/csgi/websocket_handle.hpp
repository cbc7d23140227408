// csgi/websocket_handle.hpp - what both fronts of a WebSocket have in common.
#pragma once
#include <csgi/exchange_handle.hpp>
#include <csgi/websocket.hpp>
#include <algorithm>

namespace csgi { inline namespace v1 {

/// A handle to the WebSocket of an exchange: one pointer, passed by value. It owns nothing.
class websocket_handle {
 public:
  /// Empty where the request is no handshake, or nobody serves it as one.
  explicit websocket_handle(exchange_handle ex) noexcept : exchange_(&ex.raw()), socket_(ex.find<websocket>()) {}

  explicit operator bool() const noexcept { return socket_ != nullptr; }
  websocket& raw() const noexcept { return *socket_; }

  /// Whether the client offers that subprotocol.
  bool offers(std::string_view subprotocol) const noexcept {
    bool found = false;
    each_offered([&](std::string_view one) { found |= one == subprotocol; });
    return found;
  }

  /// Calls `f(std::string_view)` for each subprotocol that the client offers, in its order of preference.
  template <class F>
  void each_offered(F f) const {
    for (const field& offers : exchange_->head().fields) {
      if (!same_name(offers.name, "sec-websocket-protocol")) continue;
      for (auto rest = offers.value; !rest.empty();) {
        const auto comma = std::min(rest.find(','), rest.size());
        if (const auto one = trimmed(rest.substr(0, comma)); !one.empty()) f(one);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
      }
    }
  }

  /// How it ended; see websocket::end().
  websocket_end end() const noexcept { return socket_->end(); }

 protected:
  exchange& of() const noexcept { return *exchange_; }

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
  static std::string_view trimmed(std::string_view text) noexcept {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
  }

  exchange* exchange_;
  websocket* socket_;
};

}}  // namespace csgi::v1
