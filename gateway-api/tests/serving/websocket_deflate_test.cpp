#include <csgi/serving/websocket_deflate.hpp>
#include "websocket_bytes.hpp"
#include <csgi/serving/websocket_deflater.hpp>
#include <csgi/serving/websocket_inflater.hpp>
#include <doctest/doctest.h>
#include <ostream>
#include <vector>

using csgi::ending;
using csgi::websocket_deflate_settings;
using csgi::websocket_deflate_terms;
using csgi::websocket_deflater;
using csgi::websocket_inflater;
using opcode = csgi::websocket_opcode;
using state = websocket_inflater::state;
using namespace std::string_literals;

namespace {

constexpr websocket_deflate_settings all = {.enabled = true, .server_takeover = true, .client_takeover = true};
constexpr websocket_deflate_terms no_takeover = {.server_takeover = false, .client_takeover = false};
constexpr std::uint64_t limit = 1024 * 1024;

/// What is answered to these offers; empty: nothing is agreed.
std::string agreed(std::string_view offers, const websocket_deflate_settings& settings = all) {
  const csgi::field fields[] = {{"Host", "x"}, {"sec-websocket-extensions", offers}};
  const auto terms = csgi::agree_on_websocket_deflate(fields, settings);
  return terms ? csgi::to_extension(*terms) : "";
}

struct message {
  std::string data;
  std::uint16_t code = 0;       // of the rejection
  std::size_t buffers = 0;

  bool operator==(const message& other) const { return data == other.data && code == other.code; }
};

std::ostream& operator<<(std::ostream& out, const message& m) {
  return out << m.code << ' ' << m.data.size() << ' ' << m.data.substr(0, 100);
}

message inflate(websocket_inflater& inflater, std::string_view payload, opcode type, std::size_t piece, std::size_t buffer_size) {
  message m;
  std::vector<char> buffer(buffer_size);
  inflater.begin(type);
  for (std::size_t at = 0;; at += piece) {
    std::string_view rest = payload.substr(std::min(at, payload.size()), piece);
    const bool last = at + piece >= payload.size();
    for (;;) {
      const auto step = inflater.inflate(rest, last, buffer);
      REQUIRE(step.consumed <= rest.size());
      rest.remove_prefix(step.consumed);
      if (step.now == state::rejected) {
        REQUIRE_FALSE(step.data.empty());
        return {{}, step.code, m.buffers};
      }
      REQUIRE(step.data.size() <= buffer.size());
      m.data += step.data;
      ++m.buffers;
      REQUIRE((step.now == state::end) <= last);
      if (step.now == state::end) return m;
      if (step.now == state::more) break;
    }
    REQUIRE(rest.empty());
    REQUIRE_FALSE(last);
  }
}

/// The one message of this payload, however it is split and whatever the buffer's size.
message inflated(std::string_view payload, opcode type = opcode::binary, std::uint64_t most = limit) {
  websocket_inflater inflater(no_takeover, most);
  const message at_once = inflate(inflater, payload, type, payload.size() + 1, 65536);
  for (const std::size_t piece : {1u, 2u, 5u, 1000u})
    for (const std::size_t buffer : {1u, 2u, 3u, 100u, 5000u}) {
      if (piece * 3000 < payload.size() || buffer * 3000 < at_once.data.size()) continue;
      websocket_inflater split(no_takeover, most);
      REQUIRE(inflate(split, payload, type, piece, buffer) == at_once);
    }
  return at_once;
}

std::string deflated(websocket_deflater& deflater, std::string_view bytes) {
  std::string payload = "before";
  deflater.deflate(bytes, ending::finish, payload);
  REQUIRE(payload.starts_with("before"));
  return payload.substr(6);
}

std::string deflated(std::string_view bytes, const websocket_deflate_settings& settings = all,
                     const websocket_deflate_terms& terms = no_takeover) {
  websocket_deflater deflater(terms, settings);
  return deflated(deflater, bytes);
}

/// Bytes that no compression makes smaller.
std::string noise(std::size_t size) {
  std::string bytes;
  std::uint32_t value = 1;
  while (bytes.size() < size) bytes += static_cast<char>((value = value * 1664525 + 1013904223) >> 24);
  return bytes;
}

}  // namespace

TEST_SUITE("websocket_deflate") {
TEST_CASE("an offer is answered with what the server makes of it") {
  CHECK(agreed("permessage-deflate") == "permessage-deflate");
  CHECK(agreed("Permessage-Deflate; client_max_window_bits") == "permessage-deflate");
  CHECK(agreed("permessage-deflate; server_no_context_takeover") == "permessage-deflate; server_no_context_takeover");
  CHECK(agreed("permessage-deflate; client_no_context_takeover") == "permessage-deflate; client_no_context_takeover");
  CHECK(agreed("permessage-deflate; server_max_window_bits=10") == "permessage-deflate; server_max_window_bits=10");
  CHECK(agreed("permessage-deflate; server_max_window_bits=\"10\"") == "permessage-deflate; server_max_window_bits=10");
  CHECK(agreed("permessage-deflate; client_max_window_bits=8") == "permessage-deflate; client_max_window_bits=8");
}

TEST_CASE("a server asks for less where it is to, of the client's window only where it may") {
  const websocket_deflate_settings small = {.enabled = true, .server_window_bits = 11, .client_window_bits = 12};
  const std::string flags = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  CHECK(agreed("permessage-deflate", small) == flags + "; server_max_window_bits=11");
  CHECK(agreed("permessage-deflate; client_max_window_bits", small) ==
        flags + "; server_max_window_bits=11; client_max_window_bits=12");
  CHECK(agreed("permessage-deflate; client_max_window_bits=9; server_max_window_bits=15", small) ==
        flags + "; server_max_window_bits=11; client_max_window_bits=9");
  CHECK(agreed("permessage-deflate", {.enabled = true}) == flags);
}

TEST_CASE("off is off, and it is by default") {
  CHECK(agreed("permessage-deflate", {}) == "");
  CHECK(agreed("permessage-deflate", {.enabled = false}) == "");
}

TEST_CASE("offers that cannot be met are passed over") {
  for (const char* bad : {"permessage-deflate; unknown",
                          "permessage-deflate; server_no_context_takeover=1",
                          "permessage-deflate; client_no_context_takeover=\"x\"",
                          "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                          "permessage-deflate; server_max_window_bits",
                          "permessage-deflate; server_max_window_bits=7",
                          "permessage-deflate; server_max_window_bits=8",
                          "permessage-deflate; server_max_window_bits=16",
                          "permessage-deflate; server_max_window_bits=010",
                          "permessage-deflate; server_max_window_bits=1",
                          "permessage-deflate; server_max_window_bits=10x",
                          "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
                          "permessage-deflate; client_max_window_bits=7",
                          "permessage-deflate; client_max_window_bits=16",
                          "permessage-deflate; client_max_window_bits=-9",
                          "permessage-deflate; client_max_window_bits; client_max_window_bits=9",
                          "permessage-deflate; Server_No_Context_Takeover",
                          "x-webkit-deflate-frame",
                          "deflate",
                          ""}) {
    CAPTURE(bad);
    CHECK(agreed(bad) == "");
    CHECK(agreed(std::string(bad) + ", other;x=1, permessage-deflate; server_max_window_bits=9") ==
          "permessage-deflate; server_max_window_bits=9");
  }
  const csgi::field fields[] = {{"Sec-WebSocket-Extensions", "other"}, {"Sec-WebSocket-Extensions", "permessage-deflate"}};
  CHECK(csgi::agree_on_websocket_deflate(fields, all) == websocket_deflate_terms{});
  CHECK_FALSE(csgi::agree_on_websocket_deflate({}, all));
}

TEST_CASE("settings out of range are refused by name") {
  CHECK_NOTHROW(csgi::check(websocket_deflate_settings{}));
  for (const auto& bad : {websocket_deflate_settings{.server_window_bits = 8},
                          {.server_window_bits = 16},
                          {.client_window_bits = 8},
                          {.client_window_bits = 16},
                          {.memory_level = 0},
                          {.memory_level = 10},
                          {.level = 0},
                          {.level = 10}})
    CHECK_THROWS_WITH_AS(csgi::check(bad), doctest::Contains("deflate."), std::invalid_argument);
}
}

TEST_SUITE("websocket_inflater") {
TEST_CASE("RFC 7692, 7.2.3: the examples") {
  CHECK(inflated("\xf2\x48\xcd\xc9\xc9\x07\x00"s, opcode::text).data == "Hello");
  CHECK(inflated("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s).data == "Hello");                 // a block without compression
  CHECK(inflated("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s).data == "Hello");                             // BFINAL
  CHECK(inflated("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s).data == "Hello");         // two blocks
  CHECK(inflated("\x00"s).data.empty());
  websocket_inflater inflater({}, limit);
  CHECK(inflate(inflater, "\xf2\x48\xcd\xc9\xc9\x07\x00"s, opcode::text, 100, 100).data == "Hello");
  CHECK(inflate(inflater, "\xf2\x00\x11\x00\x00"s, opcode::text, 100, 100).data == "Hello");        // of the context
}

TEST_CASE("a message may refer to the one before only where that was agreed") {
  websocket_inflater inflater(no_takeover, limit);
  CHECK(inflate(inflater, "\xf2\x48\xcd\xc9\xc9\x07\x00"s, opcode::text, 100, 100).data == "Hello");
  CHECK(inflate(inflater, "\xf2\x00\x11\x00\x00"s, opcode::text, 100, 100).code == 1007);
}

TEST_CASE("a final block does not end the message, and what is behind it may refer to what was before it") {
  CHECK(inflated("\xf3\x48\xcd\xc9\xc9\x07\x00\xf2\x48\xcd\xc9\xc9\x07\x00"s).data == "HelloHello");
  CHECK(inflated("\xf3\x48\xcd\xc9\xc9\x07\x00\xf2\x00\x11\x00\x00"s).data == "HelloHello");
  CHECK(inflated("\x01"s).data.empty());
}

TEST_CASE("the bytes that are left out at the end may be anything that they are in deflate") {
  CHECK(inflated("\x00\x05\x00\xfa\xffx"s).data == "x\x00\x00\xff\xff"s);      // of a block without compression
}

TEST_CASE("no bytes at all are an empty message, as zlib's users send it who flush twice") {
  CHECK(inflated("").data.empty());
  CHECK(inflated("").code == 0);
  websocket_inflater inflater({}, limit);
  CHECK(inflate(inflater, "\xf2\x48\xcd\xc9\xc9\x07\x00"s, opcode::text, 100, 100).data == "Hello");
  CHECK(inflate(inflater, "", opcode::text, 100, 100).code == 0);
  CHECK(inflate(inflater, "\xf2\x00\x11\x00\x00"s, opcode::text, 100, 100).data == "Hello");
}

TEST_CASE("what cannot be inflated is refused") {
  for (const std::string& bad :
       {"\x06"s, "\xFF\xFF\xFF"s, "\xf2\x48"s, "\x00\x05\x00\xfa\xfe"s, "\xf2\x48\xcd\xc9\xc9\x07"s,
        "\xf3\x48\xcd\xc9\xc9\x07"s, "\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff"s}) {
    CAPTURE(bad);
    CHECK(inflated(bad).code == 1007);
  }
}

TEST_CASE("the limit is that of inflated bytes, to the byte") {
  const std::string large(100'000, 'x');
  const std::string payload = deflated(large);
  CHECK(payload.size() < 200);
  CHECK(inflated(payload, opcode::binary, large.size()).data == large);
  CHECK(inflated(payload, opcode::binary, large.size() - 1).code == 1009);
  CHECK(inflated(payload, opcode::binary, 0).code == 1009);
  CHECK(inflated(deflated(""), opcode::binary, 0).data.empty());
  CHECK(inflated(payload, opcode::binary, ~std::uint64_t{0}).data == large);
}

TEST_CASE("a message is inflated in pieces no larger than the buffer") {
  const std::string large(100'000, 'x');
  websocket_inflater inflater(no_takeover, limit);
  const auto m = inflate(inflater, deflated(large), opcode::binary, 1000, 4096);
  CHECK(m.data == large);
  CHECK(m.buffers == 25);
}

TEST_CASE("an inflated text is UTF-8") {
  CHECK(inflated(deflated("Gr\xC3\xBC\xC3\x9F" "e"), opcode::text).data == "Gr\xC3\xBC\xC3\x9F" "e");
  CHECK(inflated(deflated("\xFF"), opcode::text).code == 1007);
  CHECK(inflated(deflated("a\xC3"), opcode::text).code == 1007);
  CHECK(inflated(deflated("\xFF"), opcode::binary).data == "\xFF");
}

TEST_CASE("what is wrong first is said, bad UTF-8 or bad deflate or the limit") {
  websocket_deflater deflater(no_takeover, all);
  std::string payload;
  deflater.deflate("ok \xFF", ending::flush, payload);
  CHECK(inflated(payload + "\x06", opcode::text).code == 1007);
  CHECK(inflated(payload + "\x06", opcode::binary, 3).code == 1009);
  CHECK(inflated(payload + "\x06", opcode::binary, 4).code == 1007);
}

TEST_CASE("memory that was given back is taken again") {
  websocket_inflater inflater(no_takeover, limit);
  inflater.release();
  for (int i = 0; i < 3; ++i) {
    CHECK(inflate(inflater, deflated("Hello"), opcode::text, 1, 10).data == "Hello");
    inflater.release();
  }
  websocket_inflater keeping({}, limit);
  CHECK(inflate(keeping, "\xf2\x48\xcd\xc9\xc9\x07\x00"s, opcode::text, 100, 100).data == "Hello");
  keeping.release();
  CHECK(inflate(keeping, "\xf2\x00\x11\x00\x00"s, opcode::text, 100, 100).data == "Hello");
}
}

TEST_SUITE("websocket_deflater") {
TEST_CASE("messages of all sizes and kinds come back, with every window") {
  for (int bits = 9; bits <= 15; ++bits)
    for (const int memory : {1, 8, 9}) {
      websocket_deflate_settings settings = all;
      settings.memory_level = memory;
      settings.level = memory;
      const websocket_deflate_terms terms = {
          .server_takeover = false, .client_takeover = false, .server_window_bits = bits, .client_window_bits = bits};
      for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{125}, std::size_t{70'000}})
        for (const auto& bytes : {std::string(size, 'x'), noise(size)}) {
          const auto payload = deflated(bytes, settings, terms);
          CHECK(payload.size() <= size + size / 8 + 1024);      // what the frame reader allows
          websocket_inflater inflater(terms, limit);
          REQUIRE(inflate(inflater, payload, opcode::binary, payload.size(), 4096).data == bytes);
        }
    }
}

TEST_CASE("an empty message is one byte") {
  CHECK(deflated("") == "\0"s);
  websocket_deflater deflater({}, all);
  deflated(deflater, "Hello");
  CHECK(deflated(deflater, "") == "\0"s);
}

TEST_CASE("with takeover a message refers to the one before, without it none does") {
  const std::string text = "a text that is long enough to be worth a reference: " + noise(60);
  websocket_deflater keeping({}, all), forgetting(no_takeover, all);
  websocket_inflater inflater({}, limit);
  const auto first = deflated(keeping, text), second = deflated(keeping, text);
  CHECK(second.size() < 20);
  CHECK(deflated(forgetting, text) == first);
  CHECK(deflated(forgetting, text) == first);
  CHECK(inflate(inflater, first, opcode::binary, 7, 100).data == text);
  CHECK(inflate(inflater, deflated(text, {}, no_takeover), opcode::binary, 7, 100).data == text);
}

TEST_CASE("a message may be given piece by piece; what was flushed can be inflated at once") {
  websocket_deflater deflater(no_takeover, all);
  websocket_inflater inflater(no_takeover, limit);
  std::string payload;
  deflater.deflate("one ", ending::more, payload);
  deflater.deflate("two ", ending::flush, payload);
  std::vector<char> buffer(100);
  inflater.begin(opcode::text);
  const auto begun = inflater.inflate(payload, false, buffer);
  CHECK(begun.now == state::more);
  CHECK(begun.data == "one two ");
  payload.clear();
  deflater.deflate("", ending::flush, payload);
  CHECK(payload.empty());
  deflater.deflate("three", ending::more, payload);
  deflater.deflate("", ending::finish, payload);
  const auto ended = inflater.inflate(payload, true, buffer);
  CHECK(ended.now == state::end);
  CHECK(ended.data == "three");

  payload.clear();
  deflater.deflate("all", ending::flush, payload);
  deflater.deflate("", ending::finish, payload);
  CHECK(inflated(payload).data == "all");
}

TEST_CASE("memory is given back between messages only, and not where the context is needed") {
  const std::string text = noise(100);
  websocket_deflater deflater(no_takeover, all), keeping({}, all);
  std::string payload;
  deflater.deflate("one ", ending::more, payload);
  deflater.release();
  deflater.deflate("two", ending::finish, payload);
  CHECK(inflated(payload).data == "one two");
  deflater.release();
  CHECK(inflated(deflated(deflater, text)).data == text);
  deflated(keeping, text);
  keeping.release();
  CHECK(deflated(keeping, text).size() < 20);
}
}
