#include <csgi/serving/websocket_frame_reader.hpp>
#include "websocket_bytes.hpp"
#include <doctest/doctest.h>
#include <ostream>
#include <vector>

using csgi::tests::client_close;
using csgi::tests::client_frame;
using csgi::websocket_frame_reader;
using opcode = csgi::websocket_opcode;
using state = websocket_frame_reader::state;

namespace {

/// What came of some frames: whole messages, control frames, and how it ended.
struct outcome {
  std::vector<std::string> events;
  std::size_t pieces = 0;
  std::uint16_t code = 0;       // of the rejection; 0: there was none
  std::size_t left = 0;         // bytes behind a close frame

  bool operator==(const outcome& other) const { return events == other.events && code == other.code && left == other.left; }
};

std::ostream& operator<<(std::ostream& out, const outcome& o) {
  for (const auto& event : o.events) out << event.substr(0, 100) << '\n';
  return out << "rejected " << o.code << " left " << o.left;
}

/// A caller with a buffer: each piece is received behind what is left of the last ones, in memory of exactly that size.
class receiver {
 public:
  receiver(const websocket_frame_reader::rules& rules, std::size_t whole) : reader_(rules), whole_(whole) {}

  void receive(std::string_view piece) {
    buffer_.insert(buffer_.end(), piece.begin(), piece.end());
    std::vector<char> memory = buffer_;
    std::span<char> rest(memory);
    while (!over_) {
      const auto step = reader_.read(rest, whole_);
      REQUIRE(step.consumed <= rest.size());
      if (step.now == state::more) REQUIRE(step.needed > rest.size() - step.consumed);
      if (!step.data.empty() && step.now != state::rejected) {
        REQUIRE(step.data.data() >= rest.data());
        REQUIRE(step.data.data() + step.data.size() == rest.data() + step.consumed);
      }
      note(step);
      rest = rest.subspan(step.consumed);
      if (step.now == state::more) break;
    }
    buffer_.assign(rest.begin(), rest.end());
    if (!over_) return;
    if (result_.code == 0) result_.left = buffer_.size();
    const auto again = reader_.read(rest, whole_);
    REQUIRE(again.consumed == 0);
    REQUIRE(again.now == (result_.code == 0 ? state::close : state::rejected));
  }

  const outcome& result() const { return result_; }
  const websocket_frame_reader& reader() const { return reader_; }

 private:
  void note(const websocket_frame_reader::step& step) {
    const std::string data(step.data);
    switch (step.now) {
      case state::more: return;
      case state::ping: result_.events.push_back("ping " + data); return;
      case state::pong: result_.events.push_back("pong " + data); return;
      case state::close:
        over_ = true;
        result_.events.push_back("close " + std::to_string(step.code) + " " + data);
        return;
      case state::rejected:
        over_ = true;
        REQUIRE_FALSE(data.empty());
        result_.code = step.code;
        return;
      case state::data: break;
    }
    REQUIRE(step.begins == message_.empty());
    if (step.begins)
      message_ = std::string(step.compressed ? "compressed " : "") + (step.type == opcode::text ? "text " : "binary ");
    REQUIRE((step.ends || !data.empty()));
    message_ += data;
    ++result_.pieces;
    if (step.ends) result_.events.push_back(std::move(message_)), message_.clear();
  }

  websocket_frame_reader reader_;
  std::size_t whole_;
  std::vector<char> buffer_;
  std::string message_;
  outcome result_;
  bool over_ = false;
};

outcome read_in(const websocket_frame_reader::rules& rules, std::string_view bytes, std::size_t piece, std::size_t whole) {
  receiver to(rules, whole);
  for (std::size_t at = 0; at < bytes.size(); at += piece) to.receive(bytes.substr(at, piece));
  outcome result = to.result();
  // What was not received yet is left too.
  if (result.code == 0) result.left = 0;
  return result;
}

/// The one outcome of these frames, however they are split and whatever the caller wants whole.
outcome read(std::string_view bytes, const websocket_frame_reader::rules& rules = {}) {
  const outcome at_once = read_in(rules, bytes, std::max<std::size_t>(bytes.size(), 1), 0);
  for (const std::size_t whole : {std::size_t{0}, std::size_t{130}, std::size_t{1} << 20}) {
    for (const std::size_t piece :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{1000}, bytes.size() + 1})
      if (piece * 5000 > bytes.size()) REQUIRE(read_in(rules, bytes, piece, whole) == at_once);
    for (std::size_t split = 1; split < bytes.size(); split += bytes.size() > 2000 ? 1 + bytes.size() / 50 : 1) {
      receiver to(rules, whole);
      to.receive(bytes.substr(0, split));
      to.receive(bytes.substr(split));
      REQUIRE(to.result().events == at_once.events);
      REQUIRE(to.result().code == at_once.code);
    }
  }
  return at_once;
}

using events = std::vector<std::string>;

std::string text(std::string_view payload) { return client_frame({.opcode = opcode::text}, payload); }
std::string binary(std::string_view payload) { return client_frame({.opcode = opcode::binary}, payload); }
std::string ping(std::string_view payload) { return client_frame({.opcode = opcode::ping}, payload); }
std::string pong(std::string_view payload) { return client_frame({.opcode = opcode::pong}, payload); }
std::string first(opcode type, std::string_view payload) { return client_frame({.opcode = type, .ends = false}, payload); }
std::string middle(std::string_view payload) { return client_frame({.opcode = opcode::continuation, .ends = false}, payload); }
std::string last(std::string_view payload) { return client_frame({.opcode = opcode::continuation}, payload); }

/// A frame as nobody may send it: its first byte, its length, and a key that changes nothing.
std::string raw(std::string_view head, std::string_view payload) {
  return std::string(head) + std::string(4, '\0') + std::string(payload);
}

void rejects(std::string_view bytes, std::uint16_t code, const websocket_frame_reader::rules& rules = {}) {
  const auto before = "binary before";
  const outcome result = read(binary("before") + std::string(bytes), rules);
  CHECK(result.code == code);
  CHECK(result.events == events{before});
  CHECK(read(binary("before") + std::string(bytes) + text("behind"), rules) == result);
}

constexpr std::uint16_t protocol_error = 1002, invalid_payload = 1007, too_big = 1009;

}  // namespace

TEST_SUITE("websocket_frame_reader") {
TEST_CASE("a message of one frame is given as it is, in either type and every size of length") {
  for (const std::size_t size : {0u, 1u, 124u, 125u, 126u, 127u, 65535u, 65536u, 100'000u}) {
    CAPTURE(size);
    const std::string payload(size, 'x');
    CHECK(read(text(payload)).events == events{"text " + payload});
    CHECK(read(binary(payload) + text("")).events == events{"binary " + payload, "text "});
  }
}

TEST_CASE("binary is any bytes") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(read(binary(all)).events == events{"binary " + all});
}

TEST_CASE("fragments are one message, empty ones and control frames between them too") {
  CHECK(read(first(opcode::text, "He") + middle("l") + last("lo")).events == events{"text Hello"});
  CHECK(read(first(opcode::binary, "") + middle("") + middle("x") + middle("") + last("")).events == events{"binary x"});
  CHECK(read(first(opcode::text, "") + last("")).events == events{"text "});
  CHECK(read(first(opcode::text, "He") + ping("1") + middle("l") + pong("2") + ping("") + last("lo") + text("next")).events ==
        events{"ping 1", "pong 2", "ping ", "text Hello", "text next"});
}

TEST_CASE("a frame that the caller's buffer takes is one piece, a larger one comes as it is received") {
  const std::string bytes = text(std::string(100, 'x'));
  CHECK(read_in({}, bytes, 10, 100).pieces == 1);
  CHECK(read_in({}, bytes, 10, 99).pieces == 11);
  CHECK(read_in({}, bytes, 1, 0).pieces == 100);
  CHECK(read_in({}, bytes, 1000, 0).pieces == 1);
}

TEST_CASE("what a caller waits for it may take as pieces after all") {
  std::string bytes = text(std::string(100, 'x')).substr(0, 50);
  websocket_frame_reader reader({});
  const auto waiting = reader.read(bytes, 100);
  CHECK(waiting.now == state::more);
  CHECK(waiting.consumed == 6);
  CHECK(waiting.needed == 100);
  const auto piece = reader.read(std::span(bytes).subspan(6), 0);
  CHECK(piece.now == state::data);
  CHECK(piece.data == std::string(44, 'x'));
  CHECK(piece.begins);
  CHECK_FALSE(piece.ends);
}

TEST_CASE("a message's piece is a view of what was received") {
  std::string bytes = text("Hello") + text("next");
  websocket_frame_reader reader({});
  const auto step = reader.read(bytes);
  CHECK(step.data.data() == bytes.data() + 6);
  CHECK(step.data == "Hello");
  CHECK(step.begins);
  CHECK(step.ends);
  CHECK(step.consumed == 11);
  CHECK_FALSE(reader.in_message());
}

TEST_CASE("a message is in progress from its first head to its last byte") {
  websocket_frame_reader reader({});
  std::string head = first(opcode::text, ""), tail = last("");
  CHECK(reader.read(head).now == state::more);
  CHECK(reader.in_message());
  CHECK(reader.read(tail).ends);
  CHECK_FALSE(reader.in_message());
}

TEST_CASE("a close frame has a code and a reason, or neither, and nothing behind it is read") {
  CHECK(read(client_close(1000)).events == events{"close 1000 "});
  CHECK(read(client_close(4321, "why \xC3\xA4")).events == events{"close 4321 why \xC3\xA4"});
  CHECK(read(client_close(csgi::websocket_close_code::none)).events == events{"close 1005 "});
  CHECK(read(client_close(1000, std::string(123, 'r'))).events == events{"close 1000 " + std::string(123, 'r')});
  CHECK(read(first(opcode::text, "a") + client_close(1001)).events == events{"close 1001 "});
  std::string bytes = client_close(1000) + "\xFF\xFF";
  websocket_frame_reader reader({});
  const auto step = reader.read(bytes);
  CHECK(step.now == state::close);
  CHECK(step.consumed == bytes.size() - 2);
}

TEST_CASE("close payloads that nobody may send are refused") {
  const auto close = [](std::string_view payload) { return client_frame({.opcode = opcode::close}, payload); };
  rejects(close("x"), protocol_error);
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    CAPTURE(code);
    const char payload[] = {static_cast<char>(code >> 8), static_cast<char>(code)};
    rejects(close({payload, 2}), protocol_error);
  }
  rejects(close("\x03\xE8\xFF"), invalid_payload);
  rejects(close("\x03\xE8 cut \xC3"), invalid_payload);
}

TEST_CASE("a client's frames are masked, a server's are not") {
  rejects(csgi::tests::server_frame({.opcode = opcode::text}, "Hello"), protocol_error);
  rejects(csgi::tests::server_frame({.opcode = opcode::ping}, ""), protocol_error);
  const websocket_frame_reader::rules of_server = {.sender = csgi::websocket_sender::server};
  CHECK(read(csgi::tests::server_frame({.opcode = opcode::text}, "Hello"), of_server).events == events{"text Hello"});
  CHECK(read(text("Hello"), of_server).code == protocol_error);
}

TEST_CASE("reserved bits are not set, but RSV1 where a compressed message begins") {
  const websocket_frame_reader::rules deflate = {.deflate = true};
  for (const char* first : {"\xA1", "\x91", "\xB2", "\xF1", "\xE1", "\x99", "\xA9"}) {
    rejects(raw(std::string(first) + "\x80", ""), protocol_error);
    rejects(raw(std::string(first) + "\x80", ""), protocol_error, deflate);
  }
  rejects(raw("\xC1\x80", ""), protocol_error);
  for (const char* control : {"\xC8\x80", "\xC9\x80", "\xCA\x80"}) rejects(raw(control, ""), protocol_error, deflate);
  CHECK(read(raw("\xC1\x81", "x"), deflate).events == events{"compressed text x"});
  CHECK(read(raw("\x41\x81", "x") + ping("") + last("y") + text("plain"), deflate).events ==
        events{"ping ", "compressed text xy", "text plain"});
  CHECK(read(raw("\x41\x81", "x") + raw("\xC0\x81", "y"), deflate).code == protocol_error);
  CHECK(read(first(opcode::text, "x") + raw("\xC0\x81", "y"), deflate).code == protocol_error);
}

TEST_CASE("opcodes that have no meaning are refused") {
  for (const unsigned code : {3u, 4u, 5u, 6u, 7u, 11u, 12u, 13u, 14u, 15u}) {
    const std::string head = {static_cast<char>(0x80 | code), '\x80'};
    rejects(raw(head, ""), protocol_error);
  }
}

TEST_CASE("fragments come in order") {
  rejects(last("x"), protocol_error);
  rejects(middle("x"), protocol_error);
  rejects(first(opcode::text, "a") + text("b"), protocol_error);
  rejects(first(opcode::text, "a") + first(opcode::binary, "b"), protocol_error);
  rejects(first(opcode::text, "") + binary(""), protocol_error);
}

TEST_CASE("control frames are small and whole") {
  const std::string largest(125, 'p');
  CHECK(read(ping(largest) + pong(largest)).events == events{"ping " + largest, "pong " + largest});
  rejects(ping(std::string(126, 'p')), protocol_error);
  rejects(pong(std::string(70000, 'p')).substr(0, 100), protocol_error);
  rejects(client_frame({.opcode = opcode::close}, "\x03\xE8" + std::string(124, 'r')), protocol_error);
  for (const auto type : {opcode::close, opcode::ping, opcode::pong}) rejects(first(type, ""), protocol_error);
}

TEST_CASE("a length has the fewest bytes that it fits, and 63 bits") {
  using namespace std::string_literals;
  rejects(raw("\x82\xFE\x00\x7D"s, std::string(125, 'x')), protocol_error);
  rejects(raw("\x82\xFE\x00\x00"s, ""), protocol_error);
  rejects(raw("\x82\xFF\x00\x00\x00\x00\x00\x00\xFF\xFF"s, ""), protocol_error);
  rejects(raw("\x82\xFF\x80\x00\x00\x00\x00\x00\x00\x00"s, ""), protocol_error, {.message_limit = ~std::uint64_t{0}});
  rejects(raw("\x82\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s, ""), too_big);
}

TEST_CASE("what is wrong is told by the first byte that shows it") {
  websocket_frame_reader reader({});
  std::string opcode_alone = "\x83";
  CHECK(reader.read(opcode_alone).now == state::rejected);
  websocket_frame_reader other({});
  std::string unmasked = "\x81\x05";
  CHECK(other.read(unmasked).now == state::rejected);
}

TEST_CASE("a message may be as large as the limit, in one frame or in several") {
  const websocket_frame_reader::rules ten = {.message_limit = 10};
  const std::string most(10, 'x');
  CHECK(read(text(most) + text(most), ten).events == events{"text " + most, "text " + most});
  CHECK(read(first(opcode::text, "xxxxx") + ping("not of the message") + last("xxxxx"), ten).events ==
        events{"ping not of the message", "text " + most});
  rejects(text(most + "x"), too_big, ten);
  rejects(first(opcode::text, "xxxxx") + last("xxxxxx"), too_big, ten);
  rejects(first(opcode::text, most) + middle("") + middle("x"), too_big, ten);
  rejects(text(most + "x").substr(0, 6), too_big, ten);     // by its head alone
}

TEST_CASE("fragments as large as numbers go do not overflow the limit") {
  using namespace std::string_literals;
  const websocket_frame_reader::rules all = {.message_limit = ~std::uint64_t{0}, .deflate = true};
  std::string bytes = raw("\x42\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s, "x");
  websocket_frame_reader reader(all);
  CHECK(reader.read(bytes).data == "x");
}

TEST_CASE("what is compressed may be somewhat larger than the limit, as deflate cannot make everything smaller") {
  const websocket_frame_reader::rules thousand = {.message_limit = 8000, .deflate = true};
  const auto compressed = [](std::size_t size) { return client_frame({.compressed = true}, std::string(size, 'x')); };
  CHECK(read(compressed(8000 + 1000 + 1024), thousand).events.size() == 1);
  rejects(compressed(8000 + 1000 + 1025), too_big, thousand);
  CHECK(read(compressed(9000) + binary(std::string(8001, 'x')), thousand).code == too_big);
}

TEST_CASE("texts are UTF-8, also across frames, and a cut character is none") {
  const std::string earth = "\xF0\x9F\x8C\x8D";
  for (std::size_t split = 0; split <= earth.size(); ++split)
    CHECK(read(first(opcode::text, earth.substr(0, split)) + ping("\xFF") + last(earth.substr(split))).events ==
          events{"ping \xFF", "text " + earth});
  rejects(text("a\xFF" "b"), invalid_payload);
  rejects(text(earth.substr(0, 3)), invalid_payload);
  rejects(first(opcode::text, earth.substr(0, 3)) + last(""), invalid_payload);
  rejects(first(opcode::text, earth.substr(0, 3)) + last("a"), invalid_payload);
  rejects(text("\xED\xA0\x80"), invalid_payload);
  rejects(text(std::string(1000, 'a') + "\xC0\xAF"), invalid_payload);
  CHECK(read(first(opcode::text, "a") + last("b") + binary("\xFF")).events == events{"text ab", "binary \xFF"});
  CHECK(read(raw("\xC1\x81", "\xFF"), {.deflate = true}).events == events{"compressed text \xFF"});
}

TEST_CASE("a text that is none is refused where its masked bytes are one, too") {
  rejects(std::string("\x81\x81" "\x9E\0\0\0" "a", 7), invalid_payload);
}

TEST_CASE("a text that is none is refused before the rest of its frame comes, also where the caller waits for all of it") {
  std::string bytes = text("abc\xFF" + std::string(100, 'x')).substr(0, 6 + 4);
  websocket_frame_reader reader({});
  std::string beginning = bytes.substr(0, 8);
  const auto step = reader.read(beginning, 1000);
  CHECK(step.now == state::more);
  std::string rest = beginning.substr(step.consumed) + bytes.substr(8);
  const auto bad = reader.read(rest, 1000);
  CHECK(bad.now == state::rejected);
  CHECK(bad.code == invalid_payload);
}

TEST_CASE("every first byte with every kind of length gives one outcome, however it is split") {
  for (unsigned one = 0; one < 256; ++one)
    for (const unsigned two : {0x00u, 0x7Du, 0x7Eu, 0x80u, 0x81u, 0x82u, 0x8Fu, 0xFDu, 0xFEu, 0xFFu}) {
      std::string bytes = {static_cast<char>(one), static_cast<char>(two)};
      bytes += std::string(16, 'a') + text("behind");
      const websocket_frame_reader::rules rules = {.deflate = true};
      const auto at_once = read_in(rules, bytes, bytes.size(), 0);
      REQUIRE(read_in(rules, bytes, 1, 0) == at_once);
      REQUIRE(read_in(rules, bytes, 1, 1000) == at_once);
    }
}
}
