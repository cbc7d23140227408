#include <csgi/serving/websocket_frame.hpp>
#include "websocket_bytes.hpp"
#include <doctest/doctest.h>
#include <ostream>

using csgi::websocket_frame_head;
using csgi::websocket_mask;
using opcode = csgi::websocket_opcode;

namespace {

std::string head(const csgi::websocket_frame& frame, std::uint64_t size) {
  return std::string(websocket_frame_head(frame, size).bytes());
}

std::string bytes(std::initializer_list<unsigned> values) {
  std::string made;
  for (const unsigned value : values) made += static_cast<char>(value);
  return made;
}

}  // namespace

TEST_SUITE("websocket_frame") {
TEST_CASE("RFC 6455, 5.7: the examples") {
  using namespace csgi::tests;
  CHECK(server_frame({.opcode = opcode::text}, "Hello") == bytes({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}));
  CHECK(client_frame({.opcode = opcode::text}, "Hello") ==
        bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
  CHECK(server_frame({.opcode = opcode::text, .ends = false}, "Hel") == bytes({0x01, 0x03, 0x48, 0x65, 0x6c}));
  CHECK(server_frame({.opcode = opcode::continuation}, "lo") == bytes({0x80, 0x02, 0x6c, 0x6f}));
  CHECK(server_frame({.opcode = opcode::ping}, "Hello") == bytes({0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}));
  CHECK(client_frame({.opcode = opcode::pong}, "Hello") ==
        bytes({0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
  CHECK(head({}, 256) == bytes({0x82, 0x7E, 0x01, 0x00}));
  CHECK(head({}, 65536) == bytes({0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0}));
}

TEST_CASE("a length has the fewest bytes that it fits") {
  CHECK(head({}, 0) == bytes({0x82, 0}));
  CHECK(head({}, 125) == bytes({0x82, 125}));
  CHECK(head({}, 126) == bytes({0x82, 126, 0, 126}));
  CHECK(head({}, 65535) == bytes({0x82, 126, 0xFF, 0xFF}));
  CHECK(head({}, 0x0102030405060708) == bytes({0x82, 127, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_CASE("flags and opcodes are where they belong") {
  CHECK(head({.opcode = opcode::text, .compressed = true}, 1) == bytes({0xC1, 1}));
  CHECK(head({.opcode = opcode::binary, .ends = false, .compressed = true}, 1) == bytes({0x42, 1}));
  CHECK(head({.opcode = opcode::close}, 2) == bytes({0x88, 2}));
}

TEST_CASE("masking is XOR with the key's bytes in turn, at any size, alignment and piece") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += static_cast<char>(i * 7);
  for (std::size_t from = 0; from < 9; ++from)
    for (std::size_t size = 0; size <= 100; ++size) {
      std::string expected = text;
      for (std::size_t i = 0; i < size; ++i)
        expected[from + i] = static_cast<char>(expected[from + i] ^ csgi::tests::masking_key[i % 4]);
      std::string masked = text;
      websocket_mask(csgi::tests::masking_key.data()).apply({masked.data() + from, size});
      REQUIRE(masked == expected);
      for (const std::size_t split : {size / 5, size / 3, size / 2}) {
        masked = text;
        websocket_mask mask(csgi::tests::masking_key.data());
        mask.apply({masked.data() + from, split});
        mask.apply({masked.data() + from + split, size - split});
        REQUIRE(masked == expected);
      }
    }
}

TEST_CASE("a mask that was given no key changes nothing") {
  std::string text = "some bytes that stay as they are, more than a block";
  websocket_mask().apply(text);
  CHECK(text == "some bytes that stay as they are, more than a block");
}

TEST_CASE("a close frame's payload is a code and a reason, or nothing") {
  using csgi::websocket_close_payload;
  CHECK(websocket_close_payload(1000).bytes() == bytes({0x03, 0xE8}));
  CHECK(websocket_close_payload(4999, "bye").bytes() == bytes({0x13, 0x87}) + "bye");
  CHECK(websocket_close_payload(csgi::websocket_close_code::none).bytes().empty());
  const std::string longest(csgi::longest_websocket_reason, 'r');
  CHECK(websocket_close_payload(1000, longest).bytes().size() == 125);
  CHECK(websocket_close_payload(1000, longest + "r").bytes().size() == 125);
}

TEST_CASE("what may be sent as a close is checked") {
  const auto refusal = [](std::uint16_t code, std::string_view reason = {}) { return csgi::check_websocket_close(code, reason); };
  CHECK_FALSE(refusal(1000));
  CHECK_FALSE(refusal(1011, "a reason"));
  CHECK_FALSE(refusal(csgi::websocket_close_code::none));
  CHECK_FALSE(refusal(4000, std::string(123, 'r')));
  CHECK(refusal(4000, std::string(124, 'r')) == std::errc::message_size);
  CHECK(refusal(1005, "a reason") == std::errc::invalid_argument);
  CHECK(refusal(1006) == std::errc::invalid_argument);
  CHECK(refusal(1000, "\xFF") == std::errc::invalid_argument);
  CHECK(refusal(1000, "\xC3") == std::errc::invalid_argument);
}

TEST_CASE("the codes of close frames are those registered for the wire, and the private ones") {
  for (unsigned code = 0; code <= 0xFFFF; ++code) {
    const bool registered = (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006);
    REQUIRE(csgi::is_websocket_close_code(static_cast<std::uint16_t>(code)) == (registered || (code >= 3000 && code <= 4999)));
  }
}
}
