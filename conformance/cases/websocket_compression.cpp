// websocket_compression.cpp - permessage-deflate (RFC 7692): how it is agreed upon, and what it then means for messages.
#include "websockets.hpp"

namespace csgi::conformance {

namespace {

constexpr std::string_view taken = "permessage-deflate*";

// Deflated, without the four bytes at the end that are always the same.
constexpr std::string_view hello("\xf2\x48\xcd\xc9\xc9\x07\x00", 7);                    // "Hello"
constexpr std::string_view hundred_x("\xaa\xa8\xa0\x3d\x00\x00", 6);
constexpr std::string_view hundred_and_one_x("\xaa\xa8\xa0\x03\x00\x00", 6);
constexpr std::string_view no_text("\xfa\xff\xff\x3f\x00", 5);                          // "\xff\xff\xff"
constexpr std::string_view nonsense("\xff\xff\xff\xff", 4);

std::string offering(std::string_view parameters) { return "Sec-WebSocket-Extensions: permessage-deflate" + std::string(parameters) + "\r\n"; }

/// A case where compression is agreed upon.
test_case& compressing(cases& to, std::string clause, std::string name, std::vector<step> steps) {
  auto& c = conversing(to, {std::move(clause)}, std::move(name), std::move(steps));
  c.capability = "permessage-deflate";
  return c;
}

step talk_compressed(std::string_view commands, std::string_view parameters = {}) {
  return handshake(opening("/play?accept," + std::string(commands), offering(parameters)), accepted().with("sec-websocket-extensions", std::string(taken)));
}

std::string compressed(unsigned kind, std::string_view payload, bool ends = true) {
  std::string bytes = frame(kind, payload, ends);
  bytes[0] = static_cast<char>(bytes[0] | 0x40);
  return bytes;
}

void add_agreeing(cases& to) {
  const auto talked = [](const std::string& fields, expectation wanted) -> std::vector<step> {
    return {handshake(opening("/play?accept,echo", fields), std::move(wanted)), send(text("Hello")), receive_message(opcode::text, "Hello")};
  };
  const auto offered = [&](std::string name, const std::string& fields, expectation wanted) { conversing(to, {"CSGI-WS-039"}, std::move(name), talked(fields, std::move(wanted))); };
  const auto agreed = [&](std::string name, const std::string& fields, expectation wanted) { compressing(to, "CSGI-WS-045", std::move(name), talked(fields, std::move(wanted))); };
  offered("an offer of permessage-deflate is taken", offering(""), accepted().with("sec-websocket-extensions", std::string(taken)));
  offered("an offer that lets the client's window be told is taken", offering("; client_max_window_bits"), accepted().with("sec-websocket-extensions", std::string(taken)));
  agreed("an offer that demands no context is taken, and promises that", offering("; server_no_context_takeover"), accepted().with("sec-websocket-extensions", "permessage-deflate; server_no_context_takeover*"));
  agreed("the offer that can be met is taken of several", "Sec-WebSocket-Extensions: x-other, permessage-deflate; x-unknown=1, permessage-deflate\r\n", accepted().with("sec-websocket-extensions", std::string(taken)));
  const auto declined = [&](std::string name, std::string_view parameters) { agreed(std::move(name), offering(parameters), accepted().without("sec-websocket-extensions")); };
  declined("an offer with a parameter that nobody knows is declined", "; x-unknown=1");
  declined("an offer with a parameter twice is declined", "; server_no_context_takeover; server_no_context_takeover");
  declined("an offer with a window that cannot be is declined", "; server_max_window_bits=16");
  declined("an offer with a value where none belongs is declined", "; client_no_context_takeover=1");
}

/// The suite's client takes no frame that has a bit which nobody agreed upon.
void add_plain_messages(cases& to) {
  const auto plain = [&](std::string name, const std::string& fields, expectation wanted) {
    conversing(to, {"CSGI-WS-044"}, std::move(name), {handshake(opening("/play?accept,text:Hello,text-pattern:5000,pattern-part:5000,pattern:0,close", fields), std::move(wanted)),
                                                      receive_message(opcode::text, "Hello"), receive_pattern(opcode::text, 5'000), receive_pattern(opcode::binary, 5'000), receive_closing(1000, "*")});
  };
  plain("what is sent to a client that offers no compression is not compressed", "", accepted().without("sec-websocket-extensions"));
  plain("what is sent to a client whose offer is declined is not compressed", offering("; x-unknown=1"), accepted().without("sec-websocket-extensions"));
}

void add_messages(cases& to) {
  const auto conversation = [&](std::string name, std::vector<step> steps) -> test_case& { return compressing(to, "CSGI-WS-046", std::move(name), std::move(steps)); };
  conversation("compressed messages are received inflated", {talk_compressed("receive,receive,receive"), send(compressed(opcode::text, hello) + text("plain") + compressed(opcode::binary, no_text)), noted_in_order({"receive: text Hello", "receive: text plain", "receive: binary \\xff\\xff\\xff"})});
  conversation("a compressed message, cut anywhere", {talk_compressed("receive,receive"), send(compressed(opcode::text, hello) + text("a")), noted_in_order({"receive: text Hello", "receive: text a"})}).at_every_split = true;
  conversation("a compressed message may come in frames, with a ping in it", {talk_compressed("echo"), send(compressed(opcode::text, hello.substr(0, 3), false) + ping("?")), receive_control(opcode::pong, "?"), send(middle(hello.substr(3, 1)) + middle("") + last(hello.substr(4))), receive_message(opcode::text, "Hello")});
  conversation("a compressed message may be received in parts", {talk_compressed("receive-parts,receive-parts"), send(compressed(opcode::text, hello.substr(0, 3), false) + last(hello.substr(3)) + compressed(opcode::binary, hundred_x)), noted_in_order({"receive-parts: text Hello", "receive-parts: binary 100 bytes"})});
  conversation("what is sent may be compressed, and is the message", {talk_compressed("text:Hello,pattern:300000,pattern:100,text-pattern:5000,text-part:ab,text:cd,binary:,pattern-part:5000,pattern:5,close"), receive_message(opcode::text, "Hello"), receive_pattern(opcode::binary, 300'000), receive_pattern(opcode::binary, 100), receive_pattern(opcode::text, 5'000),
                                                                     receive_message(opcode::text, "abcd"), receive_message(opcode::binary, ""), step{step::kind::message, {}, {}, 0, {}, opcode::binary}, receive_closing(1000, "*")});
  to.back().steps[7].bytes = [] {
    std::string bytes;
    for (std::size_t i = 0; i < 5'000; ++i) bytes += static_cast<char>('a' + i % 23);
    return bytes + "abcde";
  }();
  conversation("what is sent may be compressed without context, too", {talk_compressed("pattern:3000,pattern:3000,close", "; server_no_context_takeover; client_no_context_takeover"), receive_pattern(opcode::binary, 3'000), receive_pattern(opcode::binary, 3'000), receive_closing(1000, "*")});
  conversation("hooks are told of messages as they are, not compressed", {talk_compressed("hook,text-pattern:5000"), receive_pattern(opcode::text, 5'000), receive_closing(1000, "*"), send(closing(1000)), end(), reconnect(), noted("outcome: 101 whole 5000")});
}

void add_refusals(cases& to) {
  const auto refused = [&](std::string name, unsigned code, std::string bytes) -> test_case& {
    return compressing(to, "CSGI-WS-046", std::move(name), {talk_compressed("count"), send(std::move(bytes)), receive_closing(code, "*"), end(), reconnect(), noted("count: 0 with 0 bytes, over " + std::to_string(code) + " , unclean")});
  };
  refused("a continuation that says it is compressed closes with 1002", 1002, compressed(opcode::text, hello.substr(0, 3), false) + compressed(opcode::continuation, hello.substr(3)));
  refused("a ping that says it is compressed closes with 1002", 1002, compressed(opcode::ping, hello));
  refused("a compressed text that is not UTF-8 closes with 1007", 1007, compressed(opcode::text, no_text));
  refused("a compressed message that cannot be inflated closes with 1007", 1007, compressed(opcode::binary, nonsense));
  const std::vector<server_option> limit = {{"limit-websocket-message", "100"}};
  refused("a compressed message that is too large when inflated closes with 1009", 1009, compressed(opcode::binary, hundred_and_one_x)).told = limit;
  compressing(to, "CSGI-WS-046", "a compressed message that is as large as the limit when inflated is taken", {talk_compressed("echo"), send(compressed(opcode::binary, hundred_x)), receive_message(opcode::binary, std::string(100, 'x'))}).told = limit;
}

}  // namespace

void add_websocket_compression_cases(cases& to) {
  add_agreeing(to);
  add_plain_messages(to);
  add_messages(to);
  add_refusals(to);
}

}  // namespace csgi::conformance
