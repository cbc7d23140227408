// websocket_talk.cpp - see websocket_talk.hpp.
#include "websocket_talk.hpp"
#include <csgi/serving/websocket_close.hpp>
#include <csgi/serving/websocket_frame.hpp>

namespace csgi::conformance {

namespace {

void say(wire& connection, websocket_opcode opcode, std::string_view payload) {
  constexpr websocket_key key = {'\x37', '\x01', '\x7e', '\x20'};
  std::string bytes;
  append_websocket_frame(bytes, {.opcode = opcode, .ends = true, .compressed = false}, payload, key);
  connection.send(bytes);
}

bool is(const server_frame& frame, websocket_opcode opcode) noexcept { return frame.opcode == static_cast<unsigned>(opcode); }

std::string in_words(const server_frame& close) {
  const auto& bytes = close.payload;
  if (bytes.size() < 2) return "closed without a code\n";
  const int code = static_cast<unsigned char>(bytes[0]) * 256 + static_cast<unsigned char>(bytes[1]);
  return "closed with " + std::to_string(code) + ' ' + visible(bytes.substr(2)) + '\n';
}

/// Collects the server's part of a conversation.
class listener {
 public:
  /// Takes the next frame. Returns whether another one may follow.
  bool hear(wire& connection) {
    server_frame frame = connection.receive_frame();
    if (is(frame, websocket_opcode::close)) {
      said_ += in_words(frame);
      return false;
    }
    if (frame.is_control()) return true;
    if (!is(frame, websocket_opcode::continuation)) message_ = is(frame, websocket_opcode::text) ? "text " : "binary ";
    message_ += frame.payload;
    if (frame.ends) said_ += visible(message_) + '\n';
    return true;
  }

  std::string said() && { return std::move(said_); }

 private:
  std::string said_;
  std::string message_;     // what has come of it
};

}  // namespace

std::string talk(wire& connection, const app_request& request, std::chrono::milliseconds quiet) {
  for (const auto& text : request.messages) say(connection, websocket_opcode::text, text);
  listener server;
  bool goes_on = true;
  while (goes_on && connection.has_news_within(quiet)) goes_on = server.hear(connection);
  say(connection, websocket_opcode::close, websocket_close_payload(websocket_close_code::normal).bytes());
  while (goes_on) goes_on = server.hear(connection);
  return std::move(server).said();
}

}  // namespace csgi::conformance
