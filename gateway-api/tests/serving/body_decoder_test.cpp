#include <csgi/serving/body_decoder.hpp>
#include "bad_requests.hpp"
#include <doctest/doctest.h>
#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

using csgi::body_decoder;
using state = body_decoder::state;

namespace {

constexpr std::uint64_t limit = 1024 * 1024 * 1024;

/// What came of a body: its data, what was left behind its end, or why it was refused.
struct outcome {
  state now = state::more;
  std::string data;
  std::string left;
  int status = 0;
  std::string reason;

  bool operator==(const outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const outcome& o) {
  out << static_cast<int>(o.now) << ' ' << o.status << ' ' << o.reason;
  return out << " data " << o.data << " left " << o.left;
}

/// Goes on with one piece of what is received, given in memory of exactly its size.
void decode_piece(body_decoder& decoder, std::string_view piece, outcome& o) {
  const std::vector<char> moved(piece.begin(), piece.end());
  std::string_view rest(moved.data(), moved.size());
  for (;;) {
    const body_decoder::step step = decoder.decode(rest);
    REQUIRE(step.consumed <= rest.size());
    REQUIRE(step.data.empty() == (step.now != state::data));
    if (step.now == state::data) {
      REQUIRE(step.data.data() >= rest.data());
      REQUIRE(step.data.data() + step.data.size() <= rest.data() + step.consumed);
    }
    o.data.append(step.data);
    rest.remove_prefix(step.consumed);
    o.now = step.now;
    if (step.now == state::data) continue;
    if (step.now == state::rejected) o.status = decoder.why().status, o.reason = decoder.why().reason;
    if (step.now == state::more) REQUIRE(rest.empty());
    if (step.now == state::end) o.left.append(rest);
    REQUIRE(decoder.over() == (step.now == state::end));
    return;
  }
}

outcome decode(body_decoder& decoder, std::string_view bytes, std::size_t piece_size) {
  outcome o;
  for (std::size_t at = 0; at < bytes.size() && o.now != state::rejected; at += piece_size)
    decode_piece(decoder, bytes.substr(at, piece_size), o);
  return o;
}

/// The one outcome of a chunked body, however it is split.
outcome unchunk(std::string_view bytes, std::uint64_t most = limit) {
  body_decoder decoder;
  decoder.reset(true, 0, most);
  const outcome whole = decode(decoder, bytes, bytes.size());
  for (const std::size_t piece_size : {1u, 2u, 3u, 7u, 1000u}) {
    decoder.reset(true, 0, most);
    CHECK(decode(decoder, bytes, piece_size) == whole);
  }
  for (std::size_t split = 0; split < bytes.size(); split += bytes.size() > 2000 ? 397 : 1) {
    decoder.reset(true, 0, most);
    outcome o;
    decode_piece(decoder, bytes.substr(0, split), o);
    if (o.now != state::rejected) decode_piece(decoder, bytes.substr(split), o);
    CHECK(o == whole);
  }
  return whole;
}

}  // namespace

TEST_SUITE("body_decoder") {
TEST_CASE("a body with a length is that many bytes, without a copy") {
  body_decoder decoder;
  decoder.reset(false, 5, limit);
  CHECK(decoder.rest() == 5);
  CHECK_FALSE(decoder.over());
  const std::string_view received = "helloGET /";
  const auto first = decoder.decode(received.substr(0, 2));
  CHECK(first.now == state::data);
  CHECK(first.data.data() == received.data());
  CHECK(first.consumed == 2);
  CHECK(decoder.rest() == 3);
  CHECK(decoder.decode("").now == state::more);
  const auto second = decoder.decode(received.substr(2));
  CHECK(second.data == "llo");
  CHECK(second.consumed == 3);
  CHECK(decoder.over());
  const auto end = decoder.decode(received.substr(5));
  CHECK(end.now == state::end);
  CHECK(end.consumed == 0);
}

TEST_CASE("an empty body is over at once") {
  body_decoder decoder;
  decoder.reset(false, 0, limit);
  CHECK(decoder.over());
  CHECK(decoder.decode("GET").now == state::end);
}

TEST_CASE("chunks are joined, however they are split") {
  const outcome o = unchunk("5\r\nhello\r\n1\r\n,\r\n0006\r\n world\r\n000\r\n\r\nGET /");
  CHECK(o.now == state::end);
  CHECK(o.data == "hello, world");
  CHECK(o.left == "GET /");
}

TEST_CASE("RFC 9112, 7.1.1: chunk extensions are ignored") {
  for (const std::string extension : {";a", ";a=b", ";a=b;c", ";a;b=\"c\"", ";a=\"\"", ";a=\"b \t;\\\"\\\\c\xFF\";d",
                                      " ;a", "\t; a \t=\tb ; c", "  ;  a=\"b\"  ;c"}) {
    CAPTURE(extension);
    const outcome o = unchunk("5" + extension + "\r\nhello\r\n0" + extension + "\r\n\r\nGET /");
    CHECK(o.data == "hello");
    CHECK(o.left == "GET /");
  }
}

TEST_CASE("sizes are hexadecimal in either case") {
  const std::string body(0xaB, 'x');
  CHECK(unchunk("aB\r\n" + body + "\r\n0\r\n\r\n").data == body);
}

TEST_CASE("an empty chunked body ends behind its last CRLF") {
  body_decoder decoder;
  decoder.reset(true, 0, limit);
  CHECK(decoder.decode("0\r\n\r").now == state::more);
  CHECK_FALSE(decoder.over());
  const auto end = decoder.decode("\nGET");
  CHECK(end.now == state::end);
  CHECK(end.consumed == 1);
  CHECK(decoder.over());
}

TEST_CASE("trailers are dropped, and none of them means anything") {
  const outcome o = unchunk("5\r\nhello\r\n0\r\nX-Sum: a\tb\xFF\r\nContent-Length: 7\r\nTransfer-Encoding: gzip\r\n"
                            "Connection: close\r\nUpgrade: x\r\nEmpty:\r\n\r\nnext");
  CHECK(o.now == state::end);
  CHECK(o.data == "hello");
  CHECK(o.left == "next");
}

TEST_CASE("each bad body is rejected with its status, however it is split") {
  for (const auto& bad : csgi::tests::bad_bodies) {
    CAPTURE(std::string(bad.name));
    const outcome o = unchunk(bad.bytes);
    CHECK(o.now == state::rejected);
    CHECK(o.status == bad.status);
    CHECK_FALSE(o.reason.empty());
    CHECK(std::string_view("hellohello").starts_with(o.data.substr(0, 5)));
  }
}

TEST_CASE("every byte in every place of the framing gives one outcome") {
  const std::string good = "2 ;a=\"\\b\"\r\nxy\r\n0;a = b\r\nA: b\r\n\r\n";
  const std::size_t data = good.find("xy");
  body_decoder decoder;
  for (std::size_t at = 0; at < good.size(); ++at)
    for (int byte = 0; byte < 256; ++byte) {
      std::string bytes = good;
      bytes[at] = static_cast<char>(byte);
      decoder.reset(true, 0, limit);
      const outcome whole = decode(decoder, bytes, bytes.size());
      decoder.reset(true, 0, limit);
      REQUIRE(decode(decoder, bytes, 1) == whole);
      const bool in_data = at == data || at == data + 1;
      if (whole.now == state::end && !in_data && bytes != good) REQUIRE((byte >= ' ' || byte == '\t'));
    }
}

TEST_CASE("a chunked body may be as large as the limit, not larger") {
  CHECK(unchunk("5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", 6).data == "hello!");
  const outcome o = unchunk("5\r\nhello\r\n2\r\n!!\r\n0\r\n\r\n", 6);
  CHECK(o.status == 413);
  CHECK(o.data == "hello");
  CHECK(unchunk("0\r\n\r\n", 0).now == state::end);
}

TEST_CASE("the rest of a chunked body is the limit's") {
  body_decoder decoder;
  decoder.reset(true, 0, 10);
  CHECK(decoder.rest() == 10);
  decoder.decode("5\r\nhe");
  CHECK(decoder.rest() == 8);
}

TEST_CASE("a chunk is given in runs as long as what is received") {
  const std::string large(100'000, 'x');
  body_decoder decoder;
  decoder.reset(true, 0, limit);
  const std::string received = "186a0\r\n" + large + "\r\n0\r\n\r\n";
  const auto step = decoder.decode(received);
  CHECK(step.now == state::data);
  CHECK(step.data.size() == large.size());
}

TEST_CASE("a rejected body stays so until reset") {
  body_decoder decoder;
  decoder.reset(true, 0, limit);
  CHECK(decoder.decode("x\r\n").now == state::rejected);
  CHECK(decoder.decode("0\r\n\r\n").now == state::rejected);
  CHECK(decoder.why().status == 400);
  decoder.reset(true, 0, limit);
  CHECK(decoder.decode("0\r\n\r\n").now == state::end);
}
}
