// websockets.hpp - what the client of a WebSocket sends: handshakes and frames; and the shape of a case with them.
#pragma once
#include <csgi/serving/websocket_close.hpp>
#include <csgi/serving/websocket_frame.hpp>
#include "themes.hpp"

namespace csgi::conformance {

/// Kinds of frames, as they are on the wire (RFC 6455, 5.2).
namespace opcode {
inline constexpr unsigned continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10;
}

/// Of RFC 6455, 1.3.
inline constexpr std::string_view websocket_key_field = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
inline constexpr std::string_view websocket_version_field = "Sec-WebSocket-Version: 13\r\n";

/// Field lines that make a GET a handshake.
inline std::string handshake_fields() {
  return "Connection: Upgrade\r\nUpgrade: websocket\r\n" + std::string(websocket_version_field) + std::string(websocket_key_field);
}

inline std::string opening(std::string_view path, std::string_view fields = {}) { return get(path, handshake_fields() + std::string(fields)); }

inline expectation accepted() {
  return answer(101).listing("upgrade", "websocket").listing("connection", "upgrade").with("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
      .without("content-length").without("transfer-encoding");
}

/// Opens a conversation with the probe, which accepts and then plays that.
inline step talk(std::string_view commands) { return handshake(opening("/play?accept," + std::string(commands)), accepted()); }

inline std::string frame(unsigned kind, std::string_view payload, bool ends = true) {
  std::string bytes;
  append_websocket_frame(bytes, {.opcode = static_cast<websocket_opcode>(kind), .ends = ends, .compressed = false}, payload, websocket_key{'\x37', '\x7a', '\x21', '\x3d'});
  return bytes;
}

inline std::string text(std::string_view payload) { return frame(opcode::text, payload); }
inline std::string binary(std::string_view payload) { return frame(opcode::binary, payload); }
inline std::string ping(std::string_view payload) { return frame(opcode::ping, payload); }
inline std::string pong(std::string_view payload) { return frame(opcode::pong, payload); }
/// The first frame of a message that goes on, one in its middle, and its last.
inline std::string begun_text(std::string_view payload) { return frame(opcode::text, payload, false); }
inline std::string begun_binary(std::string_view payload) { return frame(opcode::binary, payload, false); }
inline std::string middle(std::string_view payload) { return frame(opcode::continuation, payload, false); }
inline std::string last(std::string_view payload) { return frame(opcode::continuation, payload); }

inline std::string closing_without_code() { return frame(opcode::close, {}); }

inline std::string closing(unsigned code, std::string_view reason = {}) {
  const char first[] = {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  return frame(opcode::close, std::string(first, sizeof first) + std::string(reason));
}

/// A case where WebSockets are offered.
inline test_case& conversing(cases& to, std::vector<std::string> clauses, std::string name, std::vector<step> steps, kinds for_kinds = kinds::both) {
  to.push_back({std::move(clauses), std::move(name), std::move(steps), for_kinds, "csgi.websocket"});
  return to.back();
}

inline const step note_go = meanwhile(get("/note?go"), answer(200));

}  // namespace csgi::conformance
