// csgi/websocket_errors.hpp - what the errors of a WebSocket's operations mean, for the messages of their exceptions.
#pragma once
#include <csgi/websocket_refusal.hpp>
#include <system_error>

namespace csgi { inline namespace v1 {

/// `offered`: to the app that accepts, which could have looked.
inline const char* accept_error(std::error_code code, const request& head, bool offered) noexcept {
  if (code == std::errc::operation_not_permitted) {
    if (offered) return "it is accepted already, or the response is on its way";
    if (!is_websocket_handshake(head)) return "the request is no WebSocket handshake: where !socket, answer with csgi::want_websocket(ex)";
    return "no WebSocket is offered to this app: where !socket, answer with csgi::want_websocket(ex)";
  }
  if (code == std::errc::invalid_argument) return "a subprotocol that the client does not offer, or a field that may not be sent";
  return nullptr;
}

inline const char* receive_error(std::error_code code, bool accepted) noexcept {
  if (code == std::errc::operation_not_permitted)
    return accepted ? "the conversation is over, and that was told" : "no WebSocket is accepted";
  if (code == std::errc::operation_in_progress) return "another receive is pending";
  return nullptr;
}

inline const char* send_error(std::error_code code) noexcept {
  if (code == std::errc::operation_not_permitted) return "no WebSocket is accepted";
  if (code == std::errc::operation_in_progress) return "another send, or a close, is pending";
  if (code == std::errc::invalid_argument) return "text that is not UTF-8, or a part of another kind than its message began with";
  if (code == std::errc::connection_reset) return "the conversation is over";
  return nullptr;
}

inline const char* close_error(std::error_code code) noexcept {
  if (code == std::errc::operation_not_permitted) return "no WebSocket is accepted";
  if (code == std::errc::operation_in_progress) return "a send, or another close, is pending";
  if (code == std::errc::invalid_argument) return "a code or a reason that may not be sent";
  return nullptr;
}

}}  // namespace csgi::v1
