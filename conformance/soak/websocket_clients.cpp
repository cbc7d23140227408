// websocket_clients.cpp - clients that talk on WebSockets, and those that break off or break the protocol.
#include "kinds.hpp"
#include <algorithm>
#include <csgi/serving/websocket_close.hpp>
#include <csgi/serving/websocket_frame.hpp>
#include <thread>

namespace csgi::soak {

using namespace std::chrono_literals;
using conformance::reply, conformance::server_frame, conformance::wire;

namespace {

constexpr std::string_view handshake_fields =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
constexpr std::size_t more_than_is_read = 200'000'000;
constexpr std::size_t many_pings = 2'000'000;      // bytes

bool is(const server_frame& frame, websocket_opcode opcode) noexcept { return frame.opcode == static_cast<unsigned>(opcode); }

websocket_key key_of(visitor& v) {
  const std::string bytes = v.chance.bytes(4);
  return {bytes[0], bytes[1], bytes[2], bytes[3]};
}

std::string framed(visitor& v, websocket_opcode opcode, std::string_view payload, bool ends = true) {
  std::string bytes;
  append_websocket_frame(bytes, {.opcode = opcode, .ends = ends, .compressed = false}, payload, key_of(v));
  return bytes;
}

/// The message in one frame or several.
std::string framed_message(visitor& v, websocket_opcode opcode, std::string_view payload) {
  std::string bytes;
  for (auto left = v.chance.from(0, 3); left > 0 && !payload.empty(); --left) {
    const auto size = v.chance.from(0, payload.size());
    bytes += framed(v, opcode, payload.substr(0, size), false);
    if (v.chance.one_in(3)) bytes += framed(v, websocket_opcode::ping, "between");
    payload.remove_prefix(size);
    opcode = websocket_opcode::continuation;
  }
  return bytes + framed(v, opcode, payload);
}

std::string close_with(visitor& v, std::uint16_t code) {
  return framed(v, websocket_opcode::close, websocket_close_payload(code).bytes());
}

/// Those who flood are in a room of their own, where there are some: who gets too much there is put out.
wire& shake_hands(visitor& v, bool may_compress, const std::string& behind = {}) {
  std::string target = v.at.app.websocket + behind;
  if (v.at.app.talks == talk::chat) target += "?name=" + v.chance.letters(8);
  wire& connection = v.connect();
  const bool offers = may_compress && v.chance.one_in(2);
  const std::string_view extensions = offers ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "";
  std::string request = "GET " + target + " HTTP/1.1\r\nHost: a\r\n";
  v.send(connection, request.append(handshake_fields).append(extensions).append("\r\n"));
  const reply got = connection.receive("GET");
  if (got.status != 101) object("the handshake is answered " + std::to_string(got.status));
  const std::string agreed = got.value("sec-websocket-extensions");
  if (!agreed.empty()) connection.expect_compression(agreed.find("server_no_context_takeover") == agreed.npos);
  return connection;
}

/// The next message; pings are answered, pongs pass.
std::string receive_message(visitor& v, wire& connection) {
  std::string message;
  bool compressed = false;
  for (;;) {
    const server_frame frame = connection.receive_frame();
    if (is(frame, websocket_opcode::close)) object("the server closes a conversation: " + conformance::visible(frame.payload));
    if (is(frame, websocket_opcode::ping)) connection.send(framed(v, websocket_opcode::pong, frame.payload));
    if (frame.is_control()) continue;
    compressed = compressed || frame.compressed;
    message += frame.payload;
    if (frame.ends) return compressed ? connection.inflated(std::move(message)) : message;
  }
}

/// The code with which the server closes, whatever it says before.
unsigned receive_close(wire& connection) {
  for (;;) {
    const server_frame frame = connection.receive_frame();
    if (!is(frame, websocket_opcode::close)) continue;
    if (frame.payload.size() < 2) return websocket_close_code::none;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(frame.payload[at])); };
    return byte(0) << 8 | byte(1);
  }
}

void part(visitor& v, wire& connection) {
  connection.send(close_with(v, websocket_close_code::normal));
  const auto code = receive_close(connection);
  if (code != websocket_close_code::normal) object("a close with 1000 is answered with " + std::to_string(code));
  connection.end();
}

void talk_to_echo(visitor& v) {
  wire& connection = shake_hands(v, true);
  for (auto left = v.chance.from(1, 20); left > 0; --left) {
    const auto size = v.chance.one_in(5) ? v.chance.from(0, 200'000) : v.chance.from(0, 300);
    const bool text = v.chance.one_in(2);
    const std::string sent = text ? v.chance.letters(size) : v.chance.bytes(size);
    v.send_somehow(connection, framed_message(v, text ? websocket_opcode::text : websocket_opcode::binary, sent));
    if (const auto got = receive_message(v, connection); got != sent)
      object("of a message of " + std::to_string(sent.size()) + " bytes " + std::to_string(got.size()) + " others come back");
  }
  part(v, connection);
}

void talk_in_chat(visitor& v) {
  wire& connection = shake_hands(v, true);
  const auto first = receive_message(v, connection);
  if (first.find("\"welcome\"") == first.npos) object("no welcome, but " + first);
  for (auto left = v.chance.from(1, 5); left > 0; --left) {
    const std::string text = v.chance.letters(v.chance.from(8, 200));
    v.send(connection, framed_message(v, websocket_opcode::text, R"({"type":"say","text":")" + text + "\"}"));
    while (receive_message(v, connection).find(text) == std::string::npos) {
    }
  }
  part(v, connection);
}

/// What RFC 6455 forbids.
std::string what_breaks_a_rule(visitor& v) {
  switch (v.chance.from(0, 8)) {
    case 0: return "\x81\x02hi";      // not masked
    case 1: return framed(v, static_cast<websocket_opcode>(v.chance.from(3, 7)), "a");
    case 2: return framed(v, static_cast<websocket_opcode>(v.chance.from(11, 15)), "a");
    case 3: return framed(v, websocket_opcode::ping, std::string(v.chance.from(126, 400), 'a'));
    case 4: return framed(v, websocket_opcode::ping, "a", false);
    case 5: return framed(v, websocket_opcode::continuation, "a");
    case 6: return framed(v, websocket_opcode::text, "a", false) + framed(v, websocket_opcode::text, "b");
    case 7: return framed(v, websocket_opcode::text, "\xc3\x28");
    default: return close_with(v, static_cast<std::uint16_t>(v.chance.from(0, 999)));
  }
}

void break_a_rule(visitor& v) {
  const std::string bytes = what_breaks_a_rule(v);
  wire& connection = shake_hands(v, false);
  v.send_somehow(connection, bytes);
  const auto code = receive_close(connection);
  if (code != websocket_close_code::protocol_error && code != websocket_close_code::invalid_payload)
    object("a broken frame is closed with " + std::to_string(code));
  connection.send(close_with(v, websocket_close_code::normal));
  connection.rest();
  v.count.refused_as_expected();
}

void break_off(visitor& v) {
  wire& connection = shake_hands(v, true);
  const std::string bytes = framed_message(v, websocket_opcode::text, v.chance.letters(v.chance.from(0, 5'000)));
  v.send(connection, bytes.substr(0, v.chance.from(0, bytes.size())));
  if (v.chance.one_in(2)) return connection.reset();
  connection.half_close();
  connection.rest();
}

/// Takes nothing of what it causes to be sent. Pongs may be left out, so that pings do not stop the server from reading.
void flood(visitor& v) {
  wire& connection = shake_hands(v, false, "-flooded");
  connection.narrow();
  if (v.chance.one_in(2)) {
    std::string pings;
    while (pings.size() < many_pings) pings += framed(v, websocket_opcode::ping, std::string(100, 'p'));
    v.send(connection, pings);
  } else {
    v.count.asked();
    const std::string text = R"({"type":"say","text":")" + v.chance.letters(900) + "\"}";
    connection.flood(framed(v, websocket_opcode::text, text), more_than_is_read);
  }
  if (v.chance.one_in(2)) return connection.reset();
  std::this_thread::sleep_for(3 * write_deadline);
  connection.rest();
  v.count.refused_as_expected();
}

void answer_no_ping(visitor& v) {
  wire& connection = shake_hands(v, false);
  connection.rest();
  v.count.refused_as_expected();
}

/// An app that takes parts does not mind.
void send_too_large_a_message(visitor& v) {
  wire& connection = shake_hands(v, false);
  const std::string text = v.chance.letters(v.chance.from(largest_message + 1, 3 * largest_message));
  v.send(connection, framed_message(v, websocket_opcode::text, text));
  const auto code = receive_close(connection);
  if (code != websocket_close_code::message_too_big) object("too large a message is closed with " + std::to_string(code));
  connection.send(close_with(v, websocket_close_code::normal));
  connection.rest();
  v.count.refused_as_expected();
}

}  // namespace

void open_websocket(visitor& v) { shake_hands(v, true); }

void talk_on_websocket(visitor& v) { v.at.app.talks == talk::chat ? talk_in_chat(v) : talk_to_echo(v); }

void break_websocket(visitor& v) {
  v.count.injected();
  switch (v.chance.from(0, 9)) {
    case 0: return answer_no_ping(v);
    case 1: return flood(v);
    case 2: return v.at.app.talks == talk::chat ? send_too_large_a_message(v) : break_a_rule(v);
    case 3:
    case 4:
    case 5: return break_off(v);
    default: return break_a_rule(v);
  }
}

}  // namespace csgi::soak
