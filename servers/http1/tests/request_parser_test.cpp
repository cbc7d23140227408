#include <csgi/http1/request_parser.hpp>
#include "../../../gateway-api/tests/serving/bad_requests.hpp"
#include <doctest/doctest.h>
#include <algorithm>
#include <ostream>
#include <vector>

using csgi::tests::bad_request;
using csgi::http1::request_parser;
using state = request_parser::state;

namespace {

/// All that a parser says of a request, as text that outlives it.
struct outcome {
  state now = state::incomplete;
  int status = 0;
  std::string text;

  bool operator==(const outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const outcome& o) {
  return out << static_cast<int>(o.now) << ' ' << o.status << ' ' << o.text;
}

outcome outcome_of(const request_parser& parser, state now) {
  if (now == state::incomplete) return {};
  if (now == state::rejected) return {now, parser.why().status, parser.why().reason};
  const csgi::request& head = parser.head();
  std::string text = std::to_string(parser.size());
  for (const auto part : {head.method, head.target, head.raw_path, head.path, head.query, head.authority})
    text.append("|").append(part);
  for (const csgi::field& f : head.fields) text.append("\n").append(f.name).append("=").append(f.value);
  for (const int number : {static_cast<int>(head.version), static_cast<int>(head.body), int{head.has_query},
                           int{parser.keep_alive()}, int{parser.expects_continue()}, int{parser.chunked()}})
    text.append(" ").append(std::to_string(number));
  text.append(" ").append(std::to_string(head.content_length));
  return {now, 0, text};
}

/// Shows `bytes` to the parser up to each of the ends, each time in memory of exactly that size.
outcome parse_up_to(request_parser& parser, std::string_view bytes, std::initializer_list<std::size_t> ends) {
  parser.reset();
  for (const std::size_t end : ends) {
    const std::vector<char> moved(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(end));
    const state now = parser.parse({moved.data(), moved.size()});
    if (now != state::incomplete) return outcome_of(parser, now);
  }
  return {};
}

outcome parse_bytewise(request_parser& parser, std::string_view bytes) {
  parser.reset();
  for (std::size_t end = 1; end <= bytes.size(); ++end) {
    const state now = parser.parse(bytes.substr(0, end));
    if (now != state::incomplete) return outcome_of(parser, now);
  }
  return {};
}

/// The one outcome of `bytes`, however they are split.
outcome parse_in_all_ways(std::string_view bytes, const csgi::server_limits& limits = {}) {
  request_parser parser(limits);
  const outcome whole = parse_up_to(parser, bytes, {bytes.size()});
  CHECK(parse_bytewise(parser, bytes) == whole);
  const std::size_t stride = bytes.size() > 2000 ? 397 : 1;
  for (std::size_t split = 0; split < bytes.size(); split += stride)
    CHECK(parse_up_to(parser, bytes, {split, bytes.size()}) == whole);
  return whole;
}

/// A parser with a request in it; the bytes live on with it.
struct parsed {
  explicit parsed(std::string_view text, const csgi::server_limits& limits = {}) : bytes(text), parser(limits) {
    now = parser.parse(bytes);
  }

  const csgi::request* operator->() const { return &parser.head(); }

  std::string bytes;
  request_parser parser;
  state now;
};

int status_of(std::string_view bytes, const csgi::server_limits& limits = {}) {
  const outcome o = parse_in_all_ways(bytes, limits);
  return o.now == state::complete ? 200 : o.status;
}

std::string with_fields(std::string_view fields) {
  return std::string("POST / HTTP/1.1\r\nHost: a\r\n").append(fields).append("\r\n");
}

}  // namespace

TEST_SUITE("request_parser") {
TEST_CASE("each bad request is rejected with its status, however it is split") {
  for (const bad_request& bad : csgi::tests::bad_requests) {
    CAPTURE(std::string(bad.name));
    const outcome o = parse_in_all_ways(bad.bytes);
    CHECK(o.now == state::rejected);
    CHECK(o.status == bad.status);
    CHECK_FALSE(o.text.empty());
  }
}

TEST_CASE("a request is the same however it is split") {
  for (const std::string_view bytes : {
           "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
           "\r\n\r\nGET /a%20b/%25?x=%zz&y HTTP/1.1\r\nHost: a:80\r\nX:\r\nY:\t y \t\r\nZ: a\tb  c\r\n\r\nmore",
           "POST http://b:81?q HTTP/1.1\r\nHost: a\r\nContent-Length: 5\t\r\nConnection: a ,\tClose\r\n\r\nhello",
           "PUT / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length:\t 007 \r\nA: \x80\xFF\r\n\r\n",
           "OPTIONS * HTTP/1.1\r\nHost:\r\nTransfer-Encoding: \tCHUNKED\t\r\nExpect: 100-Continue\r\n\r\n0\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x01\x02",
       }) {
    CAPTURE(bytes);
    CHECK(parse_in_all_ways(bytes).now == state::complete);
  }
}

TEST_CASE("every byte in every place of a head gives one outcome, and none of control characters") {
  const std::string good = "GET /a?b HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
  request_parser parser{{}};
  for (std::size_t at = 0; at < good.size(); ++at)
    for (int byte = 0; byte < 256; ++byte) {
      std::string bytes = good;
      bytes[at] = static_cast<char>(byte);
      const outcome whole = parse_up_to(parser, bytes, {bytes.size()});
      REQUIRE(parse_bytewise(parser, bytes) == whole);
      const bool harmless = byte >= ' ' || byte == '\t' || bytes == good;
      if (whole.now == state::complete) REQUIRE(harmless);
    }
}

TEST_CASE("an additional byte in any place never makes a second request of one") {
  const std::string good = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nX:y\r\n\r\n";
  request_parser parser{{}};
  for (std::size_t at = 0; at <= good.size(); ++at)
    for (const char byte : std::string_view("\r\n\t :\0", 6)) {
      std::string bytes = good;
      bytes.insert(at, 1, byte);
      const outcome whole = parse_up_to(parser, bytes, {bytes.size()});
      REQUIRE(parse_bytewise(parser, bytes) == whole);
      if (whole.now == state::complete) REQUIRE(parser.size() == (bytes.starts_with(good) ? good : bytes).size());
    }
}

TEST_CASE("the head is given as it came in") {
  const parsed r("GET /a/b?c=d HTTP/1.1\r\nhOst: example.org:8000\r\nX-Y:  z \r\nx-y:\tz\t\r\nX_Y:\r\n\r\n");
  REQUIRE(r.now == state::complete);
  CHECK(r->method == "GET");
  CHECK(r->target == "/a/b?c=d");
  CHECK(r->raw_path == "/a/b");
  CHECK(r->path == "/a/b");
  CHECK(r->query == "c=d");
  CHECK(r->has_query);
  CHECK(r->version == csgi::http_version::http_1_1);
  CHECK(r->authority == "example.org:8000");
  CHECK(r->body == csgi::body_kind::none);
  REQUIRE(r->fields.size() == 4);
  CHECK(r->fields[0].name == "hOst");
  CHECK(r->fields[1].name == "X-Y");
  CHECK(r->fields[1].value == "z");
  CHECK(r->fields[2].name == "x-y");
  CHECK(r->fields[2].value == "z");
  CHECK(r->fields[3].name == "X_Y");
  CHECK(r->fields[3].value == "");
}

TEST_CASE("a path is decoded exactly once and otherwise left alone") {
  CHECK(parsed("GET /bar%252cbaz HTTP/1.0\r\n\r\n")->path == "/bar%2cbaz");
  CHECK(parsed("GET //foo///bar/./../;x%2F%c0 HTTP/1.0\r\n\r\n")->path == "//foo///bar/./../;x/\xC0");
  CHECK(parsed("GET //foo///bar/./../;x%2F%c0 HTTP/1.0\r\n\r\n")->raw_path == "//foo///bar/./../;x%2F%c0");
  CHECK(parsed("GET /%E3%81%82%00 HTTP/1.0\r\n\r\n")->path == std::string_view("/\xE3\x81\x82\0", 5));
}

TEST_CASE("a query is what follows the first question mark, encoded, and may be empty") {
  CHECK_FALSE(parsed("GET /a HTTP/1.0\r\n\r\n")->has_query);
  const parsed empty("GET /a? HTTP/1.0\r\n\r\n");
  CHECK(empty->has_query);
  CHECK(empty->query == "");
  CHECK(empty->raw_path == "/a");
  CHECK(parsed("GET /a?b?%2F%zz/| HTTP/1.0\r\n\r\n")->query == "b?%2F%zz/|");
}

TEST_CASE("what browsers leave unencoded in targets passes") {
  CHECK(parsed("GET /a|b^`[c]?d|e^`[f] HTTP/1.0\r\n\r\n")->path == "/a|b^`[c]");
}

TEST_CASE("every well-formed target passes") {
  const std::string path = "-._~!$&'()*+,;=:@/%20|^`[]azAZ09";
  const std::string host = "-._~!$&'()*+;=%20azAZ09";
  for (const std::string& target : {"/" + path + "?" + path + "?", "//" + path, "https://" + host + "?" + path,
                                    "http://" + host + ":80/" + path + "?" + path, std::string("http://[::1]?"),
                                    std::string("http://[::ffff:1.2.3.4]:80/"), std::string("HTTP://a:/")}) {
    CAPTURE(target);
    CHECK(status_of("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n") == 200);
  }
  for (int byte = 0; byte < 256; ++byte) {
    const std::string target = std::string("/a") + static_cast<char>(byte) + "b?c" + static_cast<char>(byte) + "d";
    const int status = status_of("GET " + target + " HTTP/1.0\r\n\r\n");
    CHECK((status == 200 || status == 400));
  }
}

TEST_CASE("RFC 9112, 3.2.2: an absolute-form target's authority counts, not Host's") {
  const parsed r("GET HTTP://b:81/c?d HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(r->authority == "b:81");
  CHECK(r->target == "HTTP://b:81/c?d");
  CHECK(r->raw_path == "/c");
  CHECK(r->query == "d");
  CHECK(r->field("host") == "a");
  const parsed bare("GET https://[::1] HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(bare->authority == "[::1]");
  CHECK(bare->raw_path == "/");
  CHECK(bare->path == "/");
  CHECK(parsed("GET http://b?q HTTP/1.1\r\nHost: a\r\n\r\n")->raw_path == "/");
  CHECK(parsed("GET http://b?q HTTP/1.1\r\nHost: a\r\n\r\n")->query == "q");
  CHECK(parsed("GET http://b HTTP/1.0\r\n\r\n")->authority == "b");
}

TEST_CASE("OPTIONS * asks of the server as a whole, which needs no host's name") {
  const parsed r("OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n");
  REQUIRE(r.now == state::complete);
  CHECK(r->raw_path == "*");
  CHECK(r->path == "*");
  CHECK(r->authority == "");
}

TEST_CASE("HTTP/1.0 needs no Host; a later minor version counts as HTTP/1.1") {
  const parsed old("GET / HTTP/1.0\r\n\r\n");
  REQUIRE(old.now == state::complete);
  CHECK(old->version == csgi::http_version::http_1_0);
  CHECK(old->authority == "");
  CHECK(status_of("GET / HTTP/1.0\r\nHost:\r\n\r\n") == 200);
  const parsed later("GET / HTTP/1.9\r\nHost: a\r\n\r\n");
  REQUIRE(later.now == state::complete);
  CHECK(later->version == csgi::http_version::http_1_1);
  CHECK(later.parser.keep_alive());
}

TEST_CASE("methods are passed byte for byte, WebDAV's, RTSP's and one's own too") {
  for (const std::string_view method : {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "MKCOL",
                                        "M-SEARCH", "PURGE", "LOCK", "DESCRIBE", "FLUSH", "SOURCE", "PRI", "BREW", "GETS", "get",
                                        "!#$%&'*+-.^_`|~09"}) {
    const parsed r(std::string(method) + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(r.now == state::complete);
    CHECK(r->method == method);
  }
}

TEST_CASE("size covers the head alone, and empty lines before it") {
  const std::string_view head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  CHECK(parsed(std::string(head) + "GET / HTTP/1.1\r\n").parser.size() == head.size());
  CHECK(parsed("\r\n\r\n\r\n\r\n" + std::string(head)).parser.size() == head.size() + 8);
  CHECK(parsed("\r\n" + std::string(head) + "\r\n").parser.size() == head.size() + 2);
}

TEST_CASE("the body is none, known by Content-Length, or unknown for chunks") {
  CHECK(parsed(with_fields(""))->body == csgi::body_kind::none);
  const parsed known(with_fields("Content-Length: 0012\r\n"));
  CHECK(known->body == csgi::body_kind::known);
  CHECK(known->content_length == 12);
  CHECK_FALSE(known.parser.chunked());
  CHECK(parsed(with_fields("Content-Length: 0\r\n"))->body == csgi::body_kind::known);
  CHECK(parsed(with_fields("Content-Length: 9223372036854775807\r\n"))->content_length == 9223372036854775807u);
  const parsed chunked(with_fields("transfer-encoding:Chunked \r\n"));
  CHECK(chunked->body == csgi::body_kind::unknown);
  CHECK(chunked.parser.chunked());
  CHECK(chunked->content_length == 0);
}

TEST_CASE("a tab is white space around a value like a space") {
  CHECK(parsed(with_fields("Content-Length:\t5\t\r\n"))->content_length == 5);
  CHECK(parsed(with_fields("Transfer-Encoding:\tchunked\t\r\n")).parser.chunked());
  CHECK(parsed("GET / HTTP/1.1\r\nHost:\ta\t\r\n\r\n")->authority == "a");
  CHECK(parsed(with_fields("X: a\tb\r\n"))->field("X") == "a\tb");
}

TEST_CASE("HTTP/1.1 keeps the connection unless any Connection field says close") {
  const auto keeps = [](std::string_view fields) { return parsed(with_fields(fields)).parser.keep_alive(); };
  CHECK(keeps(""));
  CHECK(keeps("Connection: keep-alive\r\n"));
  CHECK(keeps("Connection: closed, enclose, close-d\r\n"));
  CHECK(keeps("Connection:\r\nConnection: ,\r\n"));
  CHECK_FALSE(keeps("Connection: CLOSE\r\n"));
  CHECK_FALSE(keeps("connection: foo,\tclose \t, bar\r\n"));
  CHECK_FALSE(keeps("Connection: keep-alive\r\nConnection: x,close\r\n"));
  CHECK_FALSE(keeps("Connection: close, keep-alive\r\n"));
}

TEST_CASE("HTTP/1.0 keeps the connection only if asked") {
  const auto keeps = [](std::string_view fields) {
    return parsed(std::string("GET / HTTP/1.0\r\n").append(fields).append("\r\n")).parser.keep_alive();
  };
  CHECK_FALSE(keeps(""));
  CHECK_FALSE(keeps("Connection: close, keep-alive\r\n"));
  CHECK(keeps("Connection: a\r\nConnection: b, Keep-Alive\r\n"));
}

TEST_CASE("100 is expected by HTTP/1.1 requests with a body") {
  const auto expects = [](std::string_view fields) { return parsed(with_fields(fields)).parser.expects_continue(); };
  CHECK(expects("Expect: 100-Continue\r\nContent-Length: 5\r\n"));
  CHECK(expects("Transfer-Encoding: chunked\r\nExpect: 100-continue, 100-continue\r\n"));
  CHECK_FALSE(expects("Expect: 100-continue\r\n"));
  CHECK_FALSE(expects("Expect: 100-continue\r\nContent-Length: 0\r\n"));
  CHECK_FALSE(expects("Expect:\r\nContent-Length: 5\r\n"));
  const parsed old("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  CHECK_FALSE(old.parser.expects_continue());
  CHECK(status_of("POST / HTTP/1.0\r\nExpect: tea\r\nContent-Length: 5\r\n\r\n") == 200);
}

TEST_CASE("a field that is named almost like one of those that HTTP acts on means nothing to it") {
  const parsed r(with_fields("Hose: b\r\nHos: ,\r\nExpels: tea\r\nUpgrad3: h2c\r\nConnectioN: upgrade\r\nConnectors: close\r\n"
                             "Content_Length: 5\r\nContent-Lengths: 5\r\nTransfer_Encoding: chunked\r\n"));
  REQUIRE(r.now == state::complete);
  CHECK(r->authority == "a");
  CHECK(r->body == csgi::body_kind::none);
  CHECK(r.parser.keep_alive());
  CHECK_FALSE(r.parser.upgrades());
  CHECK_FALSE(r.parser.expects_continue());
}

TEST_CASE("a request that offers an upgrade is an ordinary one, with its body") {
  const parsed r(with_fields("Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n") + "hello");
  REQUIRE(r.now == state::complete);
  CHECK(r->content_length == 5);
  CHECK(r.parser.keep_alive());
  CHECK(r.bytes.substr(r.parser.size()) == "hello");
}

TEST_CASE("limits are exact") {
  csgi::server_limits limits{.request_line = 14, .request_head = 60, .request_fields = 2};
  CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\n\r\n", limits) == 200);
  CHECK(status_of("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", limits) == 414);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n", limits) == 200);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nX: y\r\n\r\n", limits) == 431);
  const std::string full = "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(60 - 32, 'x') + "\r\n\r\n";
  REQUIRE(full.size() == 60);
  CHECK(status_of(full, limits) == 200);
  CHECK(status_of("\r\n" + full, limits) == 200);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: ab\r\nX: " + std::string(60 - 32, 'x') + "\r\n\r\n", limits) == 431);
}

TEST_CASE("a head limit below the line limit still ends every request") {
  const csgi::server_limits limits{.request_line = 100, .request_head = 15};
  CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\n\r\n", limits) == 431);
  CHECK(status_of("GET /" + std::string(100, 'a'), limits) == 414);
}

TEST_CASE("a complete or rejected request stays so until reset") {
  parsed r("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(r.parser.parse(r.bytes) == state::complete);
  r.parser.reset();
  CHECK(r.parser.parse("\n") == state::rejected);
  CHECK(r.parser.parse("\nGET") == state::rejected);
  CHECK(r.parser.why().status == 400);
  r.parser.reset();
  CHECK(r.parser.parse("") == state::incomplete);
  CHECK_FALSE(r.parser.why());
  CHECK(r.parser.parse(r.bytes) == state::complete);
  CHECK(r->authority == "a");
}
}
