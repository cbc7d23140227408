// What a client's and a server's WebSocket frames are made of, for tests.
#pragma once
#include <csgi/serving/websocket_close.hpp>
#include <csgi/serving/websocket_frame.hpp>

namespace csgi::tests {

constexpr websocket_key masking_key = {'\x37', '\xfa', '\x21', '\x3d'};      // that of RFC 6455, 5.7

inline std::string client_frame(const websocket_frame& frame, std::string_view payload) {
  std::string bytes;
  append_websocket_frame(bytes, frame, payload, masking_key);
  return bytes;
}

inline std::string server_frame(const websocket_frame& frame, std::string_view payload) {
  std::string bytes;
  append_websocket_frame(bytes, frame, payload);
  return bytes;
}

inline std::string client_close(std::uint16_t code, std::string_view reason = {}) {
  return client_frame({.opcode = websocket_opcode::close}, websocket_close_payload(code, reason).bytes());
}

}  // namespace csgi::tests
