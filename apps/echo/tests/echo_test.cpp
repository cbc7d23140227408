#include <echo/echo.hpp>
#include "recording_exchange.hpp"
#include <doctest/doctest.h>

using namespace csgi;

namespace {

recorded_response answer(scripted_request script, completion how = completion::later) {
  recording_exchange x(how, std::move(script));
  echo app;
  x.serve(app);
  CHECK(x.phase() == phase::finished);
  CHECK(x.frames().held == 0);
  return x.response();
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_SUITE("echo") {
TEST_CASE("a body comes back chunk by chunk, each before the next is read") {
  const auto response = answer({.method = "POST", .target = "/any/path", .fields = {{"Content-Type", "text/x-own"}},
                                .chunks = {"ping", "pong!"}});
  CHECK(response.status == 200);
  CHECK(response.body == "pingpong!");
  CHECK(response.field("content-type") == "text/x-own");
  CHECK(response.field("content-length") == "9");
  CHECK(response.trace == std::vector<std::string>{"start 200", "read 4", "write 4", "read 5", "write 5", "read 0", "finish"});
}

TEST_CASE("a body of unknown length and type comes back as bytes without a length") {
  const auto response = answer({.method = "PUT", .chunks = {std::string("\0\xFF\r\n", 4)}, .kind = body_kind::unknown});
  CHECK(response.body == std::string("\0\xFF\r\n", 4));
  CHECK(response.field("content-type") == "application/octet-stream");
  CHECK(!response.field("content-length"));
}

TEST_CASE("a POST without a body gets an empty one, and a GET with a body gets that") {
  CHECK(answer({.method = "POST"}).body.empty());
  CHECK(answer({.method = "GET", .chunks = {"x"}}).body == "x");
}

TEST_CASE("an upload cut short breaks the response off") {
  recording_exchange x(completion::later, {.method = "POST", .chunks = {"begun"}, .end = body_end::truncated});
  echo app;
  CHECK_THROWS_AS(x.serve(app), malformed_body);
  CHECK(x.phase() == phase::committed);
}

TEST_CASE("every operation failing in turn ends the app with disconnected") {
  std::size_t k = 1;
  for (bool failed = true; failed; ++k) {
    recording_exchange x(completion::later, {.method = "POST", .chunks = {"a", "b"}});
    x.fails_at = k;
    echo app;
    try {
      x.serve(app);
    } catch (const disconnected&) {
    }
    failed = x.failed();
    CHECK((x.phase() == phase::finished) != failed);
    CHECK(x.frames().held == 0);
  }
  CHECK(k == 8);
}

TEST_CASE("a GET gets everything the app sees, in order") {
  const auto response = answer({.target = "/app/a%20b?x=1&y", .fields = {{"Host", "example.org"}, {"X-a", "1"}, {"x-A", "2"}},
                                .root_path = "/app"});
  CHECK(response.field("content-type") == "application/json");
  CHECK(response.body == R"({
  "method": "GET",
  "target": "/app/a%20b?x=1&y",
  "raw_path": "/app/a%20b",
  "path": "/app/a b",
  "root_path": "/app",
  "tail": "/a b",
  "query": "x=1&y",
  "has_query": true,
  "version": "1.1",
  "body": "none",
  "scheme": "http",
  "authority": "example.org",
  "fields": [
    ["Host", "example.org"],
    ["X-a", "1"],
    ["x-A", "2"]
  ],
  "peer": {"type": "ip", "address": "192.0.2.7", "port": 50000},
  "local": {"type": "ip", "address": "192.0.2.1", "port": 8000}
}
)");
}

TEST_CASE("bytes that JSON cannot carry are escaped one by one") {
  const auto body = answer({.target = "/%C3%A9%00%7F%22%5C%0A", .fields = {{"x", "\xE9\t\""}}}).body;
  CHECK(contains(body, R"("path": "/\u00c3\u00a9\u0000\u007f\"\\\u000a",)"));
  CHECK(contains(body, R"(["x", "\u00e9\u0009\""])"));
  CHECK(contains(body, R"("raw_path": "/%C3%A9%00%7F%22%5C%0A",)"));
  CHECK(contains(answer({}).body, R"("fields": [],)"));
}

TEST_CASE("HEAD gets the head that GET gets, but for a length, which the name of the method would make another") {
  const auto get = answer({.target = "/x"});
  const auto head = answer({.method = "HEAD", .target = "/x"});
  CHECK(head.body.empty());
  CHECK(head.field("content-type") == get.field("content-type"));
  CHECK(!head.field("content-length"));
}

TEST_CASE("/headers below the mount point lists the received fields") {
  const scripted_request script{.target = "/e/headers", .fields = {{"Host", "h"}, {"X", "\xFF"}, {"x", ""}}, .root_path = "/e"};
  const auto response = answer(script);
  CHECK(response.field("content-type") == "text/plain");
  CHECK(response.body == "Host: h\nX: \xFF\nx: \n");
}
}
