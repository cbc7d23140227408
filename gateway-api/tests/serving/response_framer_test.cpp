#include <csgi/serving/response_framer.hpp>
#include <doctest/doctest.h>
#include <initializer_list>
#include <string>
#include <vector>

using csgi::ending;
using csgi::field;
using csgi::http_version;
using csgi::phase;
using csgi::response_head;
using csgi::request_facts;
using csgi::response_framer;

namespace {

constexpr std::string_view date = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view server = "csgi";
constexpr std::string_view added = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: csgi\r\n";

/// A framer and the bytes that would have been sent.
struct response {
  explicit response(request_facts facts = {}, std::string_view server_name = server) {
    framer.reset(facts, server_name);
  }

  std::error_code start(int status, std::initializer_list<field> fields = {}) {
    return framer.start({.status = status, .fields = {fields.begin(), fields.size()}});
  }

  std::error_code write(std::string_view data, ending then = ending::more) {
    response_framer::frame around;
    const auto error = framer.write(data.size(), then, date, wire, around);
    if (error) return error;
    if (around.send_body) wire.append(data);
    wire.append(around.suffix);
    return {};
  }

  response_framer framer;
  std::string wire;
};

std::string head(std::string_view first, std::string_view last = "") {
  return std::string(first).append(added).append(last).append("\r\n");
}

bool refuses(std::initializer_list<field> fields) {
  response r;
  return r.start(200, fields) == std::errc::invalid_argument && r.framer.phase() == phase::open;
}

}  // namespace

TEST_SUITE("response_framer") {
TEST_CASE("a body given whole with the first write gets its length") {
  response r;
  CHECK_FALSE(r.start(200, {{"Content-Type", "text/plain"}}));
  CHECK(r.framer.phase() == phase::started);
  CHECK(r.wire.empty());
  CHECK_FALSE(r.write("hello", ending::finish));
  CHECK(r.wire == head("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n", "Content-Length: 5\r\n") + "hello");
  CHECK(r.framer.phase() == phase::finished);
  CHECK(r.framer.keep_alive());
  CHECK_FALSE(r.framer.until_close());
}

TEST_CASE("an empty body has a length too") {
  response r;
  r.start(404);
  r.write("", ending::finish);
  CHECK(r.wire == head("HTTP/1.1 404 Not Found\r\n", "Content-Length: 0\r\n"));
}

TEST_CASE("a body in parts is sent in chunks") {
  response r;
  r.start(200);
  CHECK_FALSE(r.write("hello"));
  CHECK(r.framer.phase() == phase::committed);
  CHECK_FALSE(r.write(""));
  CHECK_FALSE(r.write("", ending::flush));
  CHECK_FALSE(r.write("0123456789abcdef"));
  CHECK_FALSE(r.write("!", ending::finish));
  CHECK(r.wire == head("HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked\r\n") +
                      "5\r\nhello\r\n10\r\n0123456789abcdef\r\n1\r\n!\r\n0\r\n\r\n");
  CHECK(r.framer.keep_alive());
}

TEST_CASE("a chunked body may be finished without data") {
  response r;
  r.start(200);
  r.write("hello");
  r.write("", ending::finish);
  CHECK(r.wire.ends_with("\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
}

TEST_CASE("a flush sends the head alone") {
  response r;
  r.start(200);
  CHECK_FALSE(r.write("", ending::flush));
  CHECK(r.wire == head("HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked\r\n"));
  CHECK(r.framer.phase() == phase::committed);
}

TEST_CASE("an aborted chunked body has no last chunk") {
  response r;
  r.start(200);
  r.write("hello");
  r.framer.abort();
  CHECK(r.framer.phase() == phase::aborted);
  CHECK(r.write("", ending::finish) == std::errc::operation_not_permitted);
  CHECK(r.wire.ends_with("5\r\nhello\r\n"));
  CHECK_FALSE(r.framer.keep_alive());
}

TEST_CASE("HTTP/1.0 gets a body in parts until the connection's end") {
  response r({.version = http_version::http_1_0, .keep_alive = true});
  r.start(200);
  r.write("hel");
  r.write("lo", ending::finish);
  CHECK(r.wire == head("HTTP/1.1 200 OK\r\n", "Connection: close\r\n") + "hello");
  CHECK(r.framer.until_close());
  CHECK_FALSE(r.framer.keep_alive());
}

TEST_CASE("HTTP/1.0 is told that its connection is kept") {
  response r({.version = http_version::http_1_0, .keep_alive = true});
  r.start(200);
  r.write("hello", ending::finish);
  CHECK(r.wire == head("HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\nConnection: keep-alive\r\n") + "hello");
  CHECK(r.framer.keep_alive());
}

TEST_CASE("a connection that is not kept is announced to end") {
  response by_client({.keep_alive = false});
  by_client.start(200);
  by_client.write("", ending::finish);
  CHECK(by_client.wire == head("HTTP/1.1 200 OK\r\n", "Content-Length: 0\r\nConnection: close\r\n"));

  response by_app;
  by_app.framer.start({.status = 200, .fields = {}, .then = csgi::after_response::close});
  CHECK_FALSE(by_app.framer.keep_alive());
  by_app.write("", ending::finish);
  CHECK(by_app.wire == by_client.wire);

  response by_server;
  by_server.start(200);
  by_server.framer.close_after();
  by_server.write("", ending::finish);
  CHECK(by_server.wire == by_client.wire);
}

TEST_CASE("an app that starts anew without asking for the end gets the connection kept") {
  response r;
  r.framer.start({.status = 200, .fields = {}, .then = csgi::after_response::close});
  r.start(200);
  CHECK(r.framer.keep_alive());
}

TEST_CASE("the app's Content-Length frames the body, as it was written and where") {
  response r;
  r.start(200, {{"A", "1"}, {"content-LENGTH", "05"}, {"Content-Length", "5"}, {"B", "2"}});
  CHECK_FALSE(r.write("hel"));
  CHECK_FALSE(r.write("lo", ending::finish));
  CHECK(r.wire == head("HTTP/1.1 200 OK\r\nA: 1\r\ncontent-LENGTH: 05\r\nB: 2\r\n") + "hello");
}

TEST_CASE("more bytes than declared are refused, and a correct write may follow") {
  response r;
  r.start(200, {{"Content-Length", "5"}});
  CHECK(r.write("hello!") == std::errc::message_size);
  CHECK(r.framer.phase() == phase::started);
  CHECK(r.wire.empty());
  CHECK_FALSE(r.write("hell"));
  const std::string before = r.wire;
  CHECK(r.write("ooo", ending::finish) == std::errc::message_size);
  CHECK(r.framer.phase() == phase::committed);
  CHECK(r.wire == before);
  CHECK_FALSE(r.write("o", ending::finish));
  CHECK(r.framer.phase() == phase::finished);
}

TEST_CASE("a finish before the declared length aborts") {
  response late;
  late.start(200, {{"Content-Length", "5"}});
  late.write("hell");
  CHECK(late.write("", ending::finish) == std::errc::bad_message);
  CHECK(late.framer.phase() == phase::aborted);
  CHECK_FALSE(late.framer.keep_alive());

  response early;
  early.start(200, {{"Content-Length", "5"}});
  CHECK(early.write("hell", ending::finish) == std::errc::bad_message);
  CHECK(early.framer.phase() == phase::aborted);
  CHECK(early.wire.empty());
}

TEST_CASE("HEAD gets the head that GET would get, and no body") {
  response counted({.head_request = true});
  counted.start(200);
  CHECK_FALSE(counted.write("hello", ending::finish));
  CHECK(counted.wire == head("HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n"));

  response streamed({.head_request = true});
  streamed.start(200);
  streamed.write("hello");
  CHECK_FALSE(streamed.write("", ending::finish));
  CHECK(streamed.wire == head("HTTP/1.1 200 OK\r\n"));
  CHECK(streamed.framer.keep_alive());

  response silent({.head_request = true});
  silent.start(200);
  silent.write("", ending::finish);
  CHECK(silent.wire == head("HTTP/1.1 200 OK\r\n"));

  response old({.version = http_version::http_1_0, .head_request = true});
  old.start(200);
  old.write("hello");
  CHECK(old.wire == head("HTTP/1.1 200 OK\r\n", "Connection: keep-alive\r\n"));
}

TEST_CASE("HEAD keeps the app's Content-Length and never fails for it") {
  for (const std::string_view body : {"", "hell", "hello", "hello!"}) {
    response r({.head_request = true});
    r.start(200, {{"Content-Length", "5"}});
    CHECK_FALSE(r.write(body, ending::finish));
    CHECK(r.wire == head("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"));
    CHECK(r.framer.keep_alive());
  }
}

TEST_CASE("204 has neither length nor body, 304 a length if the app gives one") {
  response empty;
  empty.start(204, {{"Content-Length", "5"}, {"A", "1"}});
  CHECK_FALSE(empty.write("hello", ending::finish));
  CHECK(empty.wire == head("HTTP/1.1 204 No Content\r\nA: 1\r\n"));
  CHECK(empty.framer.keep_alive());

  response unchanged;
  unchanged.start(304, {{"Content-Length", "5"}});
  CHECK_FALSE(unchanged.write("", ending::finish));
  CHECK(unchanged.wire == head("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n"));

  response bare;
  bare.start(304);
  bare.write("hello");
  bare.write("", ending::finish);
  CHECK(bare.wire == head("HTTP/1.1 304 Not Modified\r\n"));
}

TEST_CASE("Date and Server are added only where the app gives none") {
  response both;
  both.start(200, {{"date", "x"}, {"SERVER", "y"}});
  both.write("", ending::finish);
  CHECK(both.wire == "HTTP/1.1 200 OK\r\ndate: x\r\nSERVER: y\r\nContent-Length: 0\r\n\r\n");

  response nameless({}, "");
  nameless.start(200);
  nameless.write("", ending::finish);
  CHECK(nameless.wire.find("Server") == std::string::npos);
}

TEST_CASE("what the server adds may be larger than the app's head") {
  const std::string name(5000, 's');
  response r({}, name);
  r.start(200);
  r.write("", ending::finish);
  CHECK(r.wire == "HTTP/1.1 200 OK\r\nDate: " + std::string(date) + "\r\nServer: " + name + "\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("fields of each size are copied whole") {
  for (std::size_t size = 1; size < 100; ++size) {
    std::string name, value;
    for (std::size_t i = 0; i < size; ++i) {
      name.push_back(static_cast<char>('a' + i % 26));
      value.push_back(static_cast<char>('0' + i % 75));
    }
    response r;
    r.start(200, {{name, value}});
    r.write("", ending::finish);
    CHECK(r.wire == head("HTTP/1.1 200 OK\r\n" + name + ": " + value + "\r\n", "Content-Length: 0\r\n"));
  }
}

TEST_CASE("fields keep their order, case and duplicates") {
  response r;
  r.start(200, {{"Set-Cookie", "a=b"}, {"x-Y", ""}, {"set-cookie", "c=d"}, {"Z", "\xC3\xA9\t!"}});
  r.write("", ending::finish);
  CHECK(r.wire.starts_with("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nx-Y: \r\nset-cookie: c=d\r\nZ: \xC3\xA9\t!\r\n"));
}

TEST_CASE("the reason is the app's, or the standard one, or empty") {
  response own;
  own.framer.start({.status = 200, .fields = {}, .reason = "Fine"});
  own.write("", ending::finish);
  CHECK(own.wire.starts_with("HTTP/1.1 200 Fine\r\n"));
  response unknown;
  unknown.start(299);
  unknown.write("", ending::finish);
  CHECK(unknown.wire.starts_with("HTTP/1.1 299 \r\n"));
}

TEST_CASE("each standard line says its own status, and its phrase") {
  for (int status = 0; status < 1000; ++status) {
    const auto line = csgi::status_line(status), phrase = csgi::reason_phrase(status);
    if (!line.empty()) CHECK(line == std::string("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(phrase).append("\r\n"));
    CHECK(line.empty() == phrase.empty());
  }
}

TEST_CASE("only final statuses are accepted") {
  for (const int status : {-1, 0, 100, 101, 199, 600, 1000})
    CHECK(response().start(status) == std::errc::invalid_argument);
  for (const int status : {200, 599}) CHECK_FALSE(response().start(status));
}

TEST_CASE("a head that could be read differently is refused") {
  using namespace std::string_view_literals;
  for (const auto name : {"", " ", "A ", "A:", "A\r\nB", "\xE9", "A(B)"}) CHECK(refuses({{name, "x"}}));
  for (const auto value : {"a\rb"sv, "a\nb"sv, "a\r\nB: c"sv, "a\0b"sv, "\x01"sv, "\x7F"sv})
    CHECK(refuses({{"A", value}}));
  for (const auto length : {"", " 5", "5 ", "+5", "-5", "5, 5", "0x5", "five", "9223372036854775808",
                            "18446744073709551616"})
    CHECK(refuses({{"Content-Length", length}}));
  CHECK(refuses({{"Content-Length", "5"}, {"content-length", "6"}}));
  for (const auto name : {"Connection", "keep-alive", "Proxy-Connection", "te", "Trailer", "TRANSFER-ENCODING",
                          "Upgrade"})
    CHECK(refuses({{name, "x"}}));
  CHECK(response().framer.start({.status = 200, .fields = {}, .reason = "a\r\nb"}) == std::errc::invalid_argument);
}

TEST_CASE("a refused head changes nothing, an accepted one replaces the last") {
  response r;
  CHECK(r.framer.status() == 0);
  r.start(200, {{"A", "1"}, {"Content-Length", "5"}, {"Date", "x"}});
  CHECK(r.start(999) == std::errc::invalid_argument);
  CHECK_FALSE(r.start(201, {{"B", "2"}}));
  CHECK(r.framer.status() == 0);
  CHECK_FALSE(r.write("abc", ending::finish));
  CHECK(r.framer.status() == 201);
  CHECK(r.wire == head("HTTP/1.1 201 Created\r\nB: 2\r\n", "Content-Length: 3\r\n") + "abc");
}

TEST_CASE("calls out of turn are refused and send nothing") {
  response r;
  CHECK(r.write("a") == std::errc::operation_not_permitted);
  CHECK(r.write("", ending::finish) == std::errc::operation_not_permitted);
  r.start(200);
  CHECK_FALSE(r.write(""));
  CHECK(r.framer.phase() == phase::started);
  r.write("a");
  CHECK(r.start(200) == std::errc::operation_not_permitted);
  r.write("", ending::finish);
  const std::string before = r.wire;
  CHECK(r.write("a") == std::errc::operation_not_permitted);
  CHECK(r.write("", ending::finish) == std::errc::operation_not_permitted);
  CHECK(r.start(200) == std::errc::operation_not_permitted);
  r.framer.abort();
  CHECK(r.framer.phase() == phase::finished);
  CHECK(r.wire == before);
}

TEST_CASE("a reset framer knows nothing of the last response") {
  response r({.version = http_version::http_1_0, .head_request = true, .keep_alive = false});
  r.framer.start({.status = 204, .fields = {}, .then = csgi::after_response::close});
  r.write("a", ending::finish);
  r.wire.clear();
  r.framer.reset({}, server);
  CHECK(r.framer.phase() == phase::open);
  CHECK(r.framer.status() == 0);
  r.start(200);
  r.write("a", ending::finish);
  CHECK(r.wire == head("HTTP/1.1 200 OK\r\n", "Content-Length: 1\r\n") + "a");
}
}

TEST_SUITE("append_server_response") {
TEST_CASE("a line of plain text says what is wrong, and the connection ends") {
  std::string out = "before";
  csgi::append_server_response(out, 400, {.keep_alive = false}, date, server);
  CHECK(out == "before" + head("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n",
                               "Content-Length: 16\r\nConnection: close\r\n") + "400 Bad Request\n");
}

TEST_CASE("the connection is kept where it may be") {
  std::string out;
  csgi::append_server_response(out, 404, {}, date, server);
  CHECK(out.find("Connection") == std::string::npos);
  out.clear();
  csgi::append_server_response(out, 404, {.version = http_version::http_1_0}, date, server);
  CHECK(out.find("\r\nConnection: keep-alive\r\n") != std::string::npos);
}

TEST_CASE("HEAD gets the same head without the text") {
  std::string head_out, get_out;
  csgi::append_server_response(head_out, 404, {.head_request = true}, date, server);
  csgi::append_server_response(get_out, 404, {}, date, server);
  CHECK(head_out + "404 Not Found\n" == get_out);
}

TEST_CASE("405 says what is allowed, 503 when to come again") {
  std::string out;
  csgi::append_server_response(out, 405, {}, date, server);
  CHECK(out.find("\r\nAllow: GET, HEAD,") != std::string::npos);
  out.clear();
  csgi::append_server_response(out, 503, {}, date, server);
  CHECK(out.find("\r\nRetry-After: 1\r\n") != std::string::npos);
}
}

TEST_SUITE("an upgrade") {
TEST_CASE("the 101 names the protocol, then the fields in their order, then Date and Server where they are not among them") {
  response r;
  const field own[] = {{"X-A", "1"}, {"date", "mine"}, {"X-A", "2"}};
  CHECK_FALSE(r.framer.upgrade("WebSocket", own, date, r.wire));
  CHECK(r.wire == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
                  "X-A: 1\r\ndate: mine\r\nX-A: 2\r\nServer: csgi\r\n\r\n");
  CHECK(r.framer.phase() == phase::committed);
  CHECK(r.framer.status() == 101);
  CHECK_FALSE(r.framer.keep_alive());
}

TEST_CASE("what is written afterwards goes out as it is, to the connection's end") {
  response r;
  REQUIRE_FALSE(r.framer.upgrade("x", {}, {}, r.wire));
  r.wire.clear();
  CHECK_FALSE(r.write("abc"));
  CHECK_FALSE(r.write("def", ending::finish));
  CHECK(r.wire == "abcdef");
  CHECK(r.framer.until_close());
}

TEST_CASE("fields that may not be sent are refused, and nothing is changed") {
  for (const field& bad : {field{"Content-Length", "1"}, field{"connection", "close"}, field{"a b", "c"}, field{"a", "b\r\nc: d"}}) {
    response r;
    CHECK(r.framer.upgrade("x", {&bad, 1}, date, r.wire) == std::errc::invalid_argument);
    CHECK(r.wire.empty());
    CHECK(r.framer.phase() == phase::open);
    CHECK_FALSE(r.start(200));
  }
}

TEST_CASE("it is too late once a head is committed") {
  response r;
  REQUIRE_FALSE(r.start(200));
  REQUIRE_FALSE(r.write("x"));
  CHECK(r.framer.upgrade("x", {}, date, r.wire) == std::errc::operation_not_permitted);
}
}
