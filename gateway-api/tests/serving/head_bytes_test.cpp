#include "bad_requests.hpp"
#include <csgi/serving/head_bytes.hpp>
#include <doctest/doctest.h>
#include <string>

using csgi::head_bytes;
using state = csgi::head_bytes::state;

namespace {

head_bytes look(std::string& bytes, const csgi::server_limits& limits = {}) { return csgi::look_at_head(bytes, limits); }

/// What these bytes are refused with, received at once and one by one; 0: they are not.
int refusal(std::string bytes, const csgi::server_limits& limits = {}) {
  std::string slowly;
  head_bytes found;
  for (const char byte : bytes) {
    slowly += byte;
    found = look(slowly, limits);
    if (found.now == state::refused) break;
  }
  const auto at_once = look(bytes, limits);
  CHECK(at_once.now == found.now);
  CHECK(at_once.status == found.status);
  CHECK((at_once.now == state::refused) == (at_once.status != 0));
  return at_once.status;
}

}  // namespace

TEST_SUITE("head_bytes") {
TEST_CASE("a head ends with its empty line, and an empty one may come before it") {
  std::string bytes = "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\nGET";
  const auto found = look(bytes);
  CHECK(found.now == state::complete);
  CHECK(found.begin == 2);
  CHECK(bytes.substr(found.end) == "GET");
  for (std::size_t size = 0; size < found.end; ++size) {
    std::string part = bytes.substr(0, size);
    CHECK(look(part).now == state::incomplete);
  }
  CHECK(refusal("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
}

TEST_CASE("line ends are CRLF, and lines are not folded") {
  CHECK(refusal("GET / HTTP/1.1\nHost: x\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\nHost: x\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\nHost: x\r\n\n") == 400);
  CHECK(refusal("\nGET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\n A: b\r\n\r\n") == 400);
}

TEST_CASE("a field has a name and a colon") {
  CHECK(refusal("GET / HTTP/1.1\r\nA\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\n: a\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\nA : a\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\nA:\r\n\r\n") == 0);
}

TEST_CASE("a request line is three words with one space between them") {
  for (const char* line : {"GET  / HTTP/1.1", "GET /  HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ", "GET /", "GET / a HTTP/1.1", "GET"})
    CHECK(refusal(std::string(line) + "\r\n\r\n") == 400);
}

TEST_CASE("a later minor version is 1.1, another major one is refused, what is no version too") {
  std::string later = "GET / HTTP/1.7\r\n\r\n";
  CHECK(look(later).now == state::complete);
  CHECK(later == "GET / HTTP/1.1\r\n\r\n");
  std::string old = "GET / HTTP/1.0\r\n\r\n";
  CHECK(look(old).now == state::complete);
  CHECK(old == "GET / HTTP/1.0\r\n\r\n");
  CHECK(refusal("GET / HTTP/2.0\r\n\r\n") == 505);
  CHECK(refusal("GET / HTTP/0.9\r\n\r\n") == 505);
  for (const char* version : {"HTTP/1", "HTTP/1.10", "http/1.1", "HTTP/1.x", "HTTP/x.1", "HTTPS/1.1"})
    CHECK(refusal("GET / " + std::string(version) + "\r\n\r\n") == 400);
}

TEST_CASE("limits hold to the byte, also for what never ends") {
  csgi::server_limits limits;
  limits.request_line = 14;
  CHECK(refusal("GET / HTTP/1.1\r\n\r\n", limits) == 0);
  CHECK(refusal("GET /a HTTP/1.1\r\n\r\n", limits) == 414);
  CHECK(refusal(std::string(15, 'A'), limits) == 414);
  limits.request_head = 24;
  CHECK(refusal("GET / HTTP/1.1\r\nA: b\r\n\r\n", limits) == 0);
  CHECK(refusal("GET / HTTP/1.1\r\nA: bc\r\n\r\n", limits) == 431);
  CHECK(refusal("GET / HTTP/1.1\r\nA: bcdefghi", limits) == 431);
  CHECK(refusal("\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n", limits) == 0);
}

TEST_CASE("what is wrong in what the limit allows comes before what it does not") {
  csgi::server_limits limits;
  limits.request_head = 30;
  CHECK(refusal("GET / HTTP/1.1\r\nA\r\nB: the rest of a long head\r\n\r\n", limits) == 400);
}
TEST_CASE("bytes that every server refuses are never refused with another status than by our own") {
  for (const auto& bad : csgi::tests::bad_requests) {
    CAPTURE(bad.name);
    const int status = refusal(std::string(bad.bytes));
    CHECK((status == 0 || status == bad.status));
  }
}
}
