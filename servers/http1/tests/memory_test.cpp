// memory_test.cpp - the codecs allocate nothing once warm, and survive that there is no memory.
#include "allocation_count.hpp"
#include <csgi/http1/request_parser.hpp>
#include <csgi/serving/body_decoder.hpp>
#include <csgi/serving/response_framer.hpp>
#include <doctest/doctest.h>
#include <initializer_list>
#include <string>

using namespace csgi::http1;
using csgi::ending;
using csgi::field;
using csgi::body_decoder;
using csgi::phase;
using csgi::response_framer;

namespace {

constexpr std::string_view date = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view server = "csgi";

/// A framer and the bytes that would have been sent.
struct response {
  response() { framer.reset({}, server); }

  std::error_code start(std::initializer_list<field> fields = {}) {
    return framer.start({.status = 200, .fields = {fields.begin(), fields.size()}});
  }

  std::error_code write(std::string_view data, ending then = ending::more) {
    response_framer::frame around;
    if (const auto error = framer.write(data.size(), then, date, wire, around)) return error;
    wire.append(data).append(around.suffix);
    return {};
  }

  response_framer framer;
  std::string wire;
};

}  // namespace

TEST_SUITE("memory") {

TEST_CASE("without memory a request is rejected with 503, and a later one is served") {
  using state = request_parser::state;
  const std::string_view bytes = "GET /%61 HTTP/1.1\r\nHost: a\r\n\r\n";
  request_parser parser{{}};
  state now{};
  {
    const csgi::no_memory nothing;
    now = parser.parse(bytes);
  }
  CHECK(now == state::rejected);
  CHECK(parser.why().status == 503);
  parser.reset();
  CHECK(parser.parse(bytes) == state::complete);
}

TEST_CASE("nothing is allocated once the parser is warm") {
  const std::string_view bytes =
      "GET /a%20longer%20path%20that%20is%20decoded?q HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n"
      "User-Agent: x\r\nCookie: a=b\r\n\r\n";
  request_parser parser{{}};
  parser.parse(bytes);
  const std::size_t before = csgi::allocation_count();
  request_parser::state now{};
  for (int i = 0; i < 100; ++i) {
    parser.reset();
    parser.parse(bytes.substr(0, 50));
    now = parser.parse(bytes);
  }
  CHECK(csgi::allocation_count() == before);
  CHECK(now == request_parser::state::complete);
}

TEST_CASE("nothing is allocated per body, once there is room for its trailers") {
  constexpr std::uint64_t limit = 1024 * 1024 * 1024;
  body_decoder decoder;
  const auto decode_both = [&decoder] {
    decoder.reset(true, 0, limit);
    decoder.decode("5\r\nhello\r\n0\r\nA: b\r\n\r\n");
    decoder.decode("\r\n0\r\nA: b\r\n\r\n");
    REQUIRE(decoder.trailers().size() == 1);
    decoder.reset(false, 5, limit);
    decoder.decode("hello");
  };
  decode_both();
  const std::size_t before = csgi::allocation_count();
  for (int i = 0; i < 100; ++i) decode_both();
  CHECK(csgi::allocation_count() == before);
}

TEST_CASE("without memory a call of the framer fails and changes nothing") {
  const std::string value(1000, 'x');     // more than the head that stands has left room for
  const field fields[] = {{"A", value}};
  response r;
  r.start();
  response_framer::frame around;
  std::string out;
  std::error_code start, write;
  {
    const csgi::no_memory now;
    start = r.framer.start({.status = 404, .fields = fields});
    write = r.framer.write(5, ending::more, date, out, around);
  }
  CHECK(start == std::errc::not_enough_memory);
  CHECK(write == std::errc::not_enough_memory);
  CHECK(r.framer.status() == 0);
  CHECK(r.framer.phase() == phase::started);
  CHECK(out.empty());
  CHECK_FALSE(r.write("hello", ending::finish));
  CHECK(r.wire.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(r.wire.ends_with("Content-Length: 5\r\n\r\nhello"));
}

TEST_CASE("nothing is allocated per response once warm") {
  response r;
  const auto respond = [&r] {
    r.framer.reset({}, server);
    r.wire.clear();
    r.start({{"Content-Type", "application/json; charset=utf-8"}, {"Cache-Control", "no-store, max-age=0"}});
    r.write("some bytes");
    r.write("and more", ending::finish);
  };
  respond();
  const std::size_t before = csgi::allocation_count();
  for (int i = 0; i < 100; ++i) respond();
  CHECK(csgi::allocation_count() == before);
}

}
