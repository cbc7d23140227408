// websocket_frames.cpp - frames that a client must not send, and texts that are none.
#include "websockets.hpp"

namespace csgi::conformance {

namespace {

constexpr unsigned fin = 0x80, rsv1 = 0x40, rsv2 = 0x20, rsv3 = 0x10;

std::string bytes_of(std::initializer_list<unsigned> bytes) {
  std::string all;
  for (const unsigned byte : bytes) all += static_cast<char>(byte);
  return all;
}

/// A frame with that first byte, whatever it is.
std::string begun_with(unsigned first, std::string_view payload = {}) {
  std::string bytes = frame(opcode::binary, payload);
  bytes[0] = static_cast<char>(first);
  return bytes;
}

/// A masked frame of `x`, as long as the length says that stands there as it is, where that is not too long.
std::string of_length(unsigned first, const std::string& coded, std::size_t size) { return bytes_of({first}) + coded + std::string(4, '\0') + std::string(size, 'x'); }

/// The close, the end, and what the app is told.
std::vector<step> refused(std::vector<step> steps, unsigned code) {
  steps.insert(steps.end(), {receive_closing(code, "*"), end(), reconnect(), noted("count: 0 with 0 bytes, over " + std::to_string(code) + " , unclean")});
  return steps;
}

void add_forbidden(cases& to, unsigned code, const std::string& clause, const std::string& name, const std::string& bytes) {
  conversing(to, {clause}, name + " closes with " + std::to_string(code), refused({talk("count"), send(bytes)}, code));
  if (bytes.size() > 1 && bytes.size() < 40)
    conversing(to, {clause}, name + ", cut anywhere, closes with " + std::to_string(code), refused({talk("count"), send(bytes)}, code)).at_every_split = true;
}

void add_broken_rules(cases& to) {
  const auto forbidden = [&](const std::string& name, const std::string& bytes) { add_forbidden(to, 1002, "CSGI-WS-016", name, bytes); };
  forbidden("a text without a mask", bytes_of({fin | opcode::text, 2}) + "hi");
  forbidden("an empty text without a mask", bytes_of({fin | opcode::text, 0}));
  forbidden("a ping without a mask", bytes_of({fin | opcode::ping, 0}));
  forbidden("a close without a mask", bytes_of({fin | opcode::close, 2, 3, 0xE8}));
  for (const auto& [bit, called] : {std::pair{rsv1, "1"}, {rsv2, "2"}, {rsv3, "3"}}) {
    forbidden(std::string("a text with reserved bit ") + called, begun_with(fin | bit | opcode::text, "hi"));
    forbidden(std::string("a ping with reserved bit ") + called, begun_with(fin | bit | opcode::ping, "hi"));
    forbidden(std::string("a close with reserved bit ") + called, begun_with(fin | bit | opcode::close));
    forbidden(std::string("a continuation with reserved bit ") + called, begun_text("hi") + begun_with(fin | bit | opcode::continuation, "hi"));
  }
  for (const unsigned kind : {3u, 4u, 5u, 6u, 7u, 11u, 12u, 13u, 14u, 15u}) forbidden("a frame of the reserved kind " + std::to_string(kind), begun_with(fin | kind, "hi"));
  forbidden("a fragmented ping", begun_with(opcode::ping, "hi"));
  forbidden("a fragmented pong", begun_with(opcode::pong, "hi"));
  forbidden("a fragmented close", begun_with(opcode::close));
  forbidden("a ping of 126 bytes", ping(std::string(126, 'x')));
  forbidden("a pong of 126 bytes", pong(std::string(126, 'x')));
  forbidden("a close of 126 bytes", closing(1000, std::string(124, 'x')));
  forbidden("a ping of 70000 bytes", ping(std::string(70'000, 'x')));
  forbidden("a continuation of nothing", last("hi"));
  forbidden("an unfinished continuation of nothing", middle("hi"));
  forbidden("a text within a message", begun_text("hi") + text("hi"));
  forbidden("a binary message within a message", begun_text("hi") + binary("hi"));
  forbidden("a text that begins within a message", begun_binary("hi") + begun_text("hi"));
  forbidden("a length in two bytes that fits into one", of_length(fin | opcode::binary, bytes_of({0x80 | 126, 0, 125}), 125));
  forbidden("a length of nothing in two bytes", of_length(fin | opcode::binary, bytes_of({0x80 | 126, 0, 0}), 0));
  forbidden("a length in eight bytes that fits into two", of_length(fin | opcode::binary, bytes_of({0x80 | 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}), 65'535));
  forbidden("a length in eight bytes that fits into one", of_length(fin | opcode::binary, bytes_of({0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 1}), 1));
  forbidden("a length with its highest bit set", of_length(fin | opcode::binary, bytes_of({0x80 | 127, 0x80, 0, 0, 0, 0, 0, 0, 0}), 10));
  forbidden("a close of one byte", frame(opcode::close, "x"));
  for (const unsigned code : {0u, 1u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1100u, 2000u, 2999u, 5000u, 65'535u}) forbidden("a close with " + std::to_string(code), closing(code));
  conversing(to, {"CSGI-WS-016", "CSGI-WS-029"}, "what came before a frame that is forbidden is received", {talk("receive,receive"), send(text("hi") + last("x")), receive_closing(1002, "*"), end(), reconnect(), noted_in_order({"receive: text hi", "receive: over 1002 , unclean"})});
  conversing(to, {"CSGI-WS-016"}, "what follows a frame that is forbidden is ignored", refused({talk("count"), send(last("x") + text("hi") + ping("?") + closing(1000))}, 1002));
  conversing(to, {"CSGI-WS-016"}, "a flood behind a frame that is forbidden does not keep the close from the client", refused({talk("count"), send(last("x") + binary(std::string(3'000'000, 'x')))}, 1002));
  conversing(to, {"CSGI-WS-016"}, "a frame that is forbidden is seen while the app only sends", {talk("send-for-ever:10"), send(last("x")), through_closing(1002, "*"), end(), reconnect(), noted("send-for-ever: connection_reset")});
}

void add_texts(cases& to) {
  const auto forbidden = [&](const std::string& name, const std::string& bytes) { add_forbidden(to, 1007, "CSGI-WS-017", name, bytes); };
  const std::pair<const char*, const char*> bad[] = {
      {"a continuation byte alone", "a\x80"}, {"two continuation bytes", "\x80\xbf"}, {"a byte that never is", "ab\xff"}, {"another byte that never is", "\xfe"},
      {"a first byte alone", "\xc3"}, {"a first byte and a letter", "\xc3" "a"}, {"a character of three that lacks one", "\xe2\x82"}, {"a character of four that lacks one", "\xf0\x9f\x98"},
      {"a slash in two bytes", "\xc0\xaf"}, {"a slash in three bytes", "\xe0\x80\xaf"}, {"a slash in four bytes", "\xf0\x80\x80\xaf"}, {"the largest of one byte in two", "\xc1\xbf"},
      {"the largest of two bytes in three", "\xe0\x9f\xbf"}, {"the largest of three bytes in four", "\xf0\x8f\xbf\xbf"}, {"a high surrogate", "\xed\xa0\x80"}, {"a low surrogate", "\xed\xbf\xbf"},
      {"a pair of surrogates", "\xed\xa0\x80\xed\xb0\x80"}, {"what is above U+10FFFF", "\xf4\x90\x80\x80"}, {"a character of five", "\xf8\x88\x80\x80\x80"}, {"a character of six", "\xfc\x84\x80\x80\x80\x80"}};
  for (const auto& [name, bytes] : bad) forbidden(std::string("a text with ") + name, text(bytes));
  forbidden("a long text that is bad at its end", text(std::string(50'000, 'x') + "\xff"));
  forbidden("a text that ends within a character, in two frames", begun_text("a\xe2") + last("\x82"));
  forbidden("a text whose second frame does not go on with a character", begun_text("a\xe2\x82") + last("b"));
  forbidden("a text that is bad before it ends", begun_text("\xff"));
  forbidden("a text whose second frame is bad before it ends", begun_text("a") + middle("\xc0"));
  conversing(to, {"CSGI-WS-017"}, "a frame that is bad before all of it came is refused then", refused({talk("count"), send(text("abc\xff" + std::string(100, 'x')).substr(0, 20))}, 1007));
  conversing(to, {"CSGI-WS-017"}, "a text that is bad is refused in parts, too", {talk("receive-part,receive-part"), send(begun_text("ab") + last("\xff")), receive_closing(1007, "*"), end(), reconnect(), noted_in_order({"receive-part: text part ab", "receive-part: over 1007 , unclean"})});
  forbidden("a reason that is not UTF-8", closing(1000, "\xff"));
  forbidden("a reason that ends within a character", closing(1000, "ab\xc3"));
  const std::pair<const char*, const char*> good[] = {
      {"letters of two bytes", "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"}, {"the first and last of each length", "\x01\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"},
      {"what is beside the surrogates", "\xed\x9f\xbf\xee\x80\x80"}, {"characters that are none", "\xef\xbf\xbe\xef\xbf\xbf\xef\xb7\x90"}};
  for (const auto& [name, bytes] : good) {
    const std::string all = bytes;
    conversing(to, {"CSGI-WS-012", "CSGI-WS-021"}, std::string("a text with ") + name + " goes both ways", {talk("echo"), send(text(all)), receive_message(opcode::text, all)});
    conversing(to, {"CSGI-WS-012"}, std::string("a text with ") + name + ", cut anywhere", {talk("echo"), send(text(all)), receive_message(opcode::text, all)}).at_every_split = true;
    std::string cut;
    std::vector<step> steps = {talk("echo")};
    for (std::size_t at = 0; at <= all.size(); ++at) {
      steps.push_back(send(begun_text(all.substr(0, at)) + last(all.substr(at))));
      steps.push_back(receive_message(opcode::text, all));
    }
    conversing(to, {"CSGI-WS-012"}, std::string("a text with ") + name + " in two frames, wherever the second begins", std::move(steps));
  }
  conversing(to, {"CSGI-WS-012"}, "a text may have zeros", {talk("echo"), send(text({"a\0b", 3})), receive_message(opcode::text, {"a\0b", 3})});
  conversing(to, {"CSGI-WS-012"}, "a binary message need not be UTF-8", {talk("echo"), send(begun_binary("\xff\xc3") + last("\x80")), receive_message(opcode::binary, "\xff\xc3\x80")});
}

}  // namespace

void add_websocket_frame_cases(cases& to) {
  add_broken_rules(to);
  add_texts(to);
}

}  // namespace csgi::conformance
