#include <csgi/serving/received_request.hpp>
#include <csgi/serving/request_target.hpp>
#include <doctest/doctest.h>
#include <vector>

using csgi::body_kind;
using csgi::field;
using csgi::http_version;
using csgi::library_head;
using csgi::received_request;

namespace {

/// What a head is rejected with; 0: it is not.
int verdict(std::string_view method, std::string_view target, std::vector<field> fields, http_version version = http_version::http_1_1,
            const csgi::server_options& options = {}) {
  received_request read;
  return read.read({method, target, version, fields}, options).status;
}

const std::vector<field> host{{"Host", "x"}};

}  // namespace

TEST_SUITE("received_request") {
TEST_CASE("a library's head becomes a request: target, path, query, authority, body") {
  const std::vector<field> fields{{"host", "example.org:80"}, {"Content-Length", "5"}, {"A", "1"}, {"a", "2"}};
  received_request read;
  CHECK_FALSE(read.read({"POST", "/a%20b/%252f?c=%20&d?", http_version::http_1_1, fields}, {}));
  const csgi::request& head = read.head();
  CHECK(head.method == "POST");
  CHECK(head.target == "/a%20b/%252f?c=%20&d?");
  CHECK(head.raw_path == "/a%20b/%252f");
  CHECK(head.path == "/a b/%2f");
  CHECK(head.query == "c=%20&d?");
  CHECK(head.has_query);
  CHECK(head.scheme == "http");
  CHECK(head.authority == "example.org:80");
  CHECK(head.body == body_kind::known);
  CHECK(head.content_length == 5);
  CHECK(head.fields.size() == 4);
  CHECK(read.keep_alive());
  CHECK_FALSE(read.expects_continue());
}

TEST_CASE("an absolute target names the authority, and may have no path") {
  received_request read;
  CHECK_FALSE(read.read({"GET", "HTTP://other:8080?q", http_version::http_1_1, host}, {}));
  CHECK(read.head().authority == "other:8080");
  CHECK(read.head().raw_path == "/");
  CHECK(read.head().query == "q");
}

TEST_CASE("nothing of one request is in the next") {
  received_request read;
  const std::vector<field> fields{{"Host", "x"}, {"Transfer-Encoding", "chunked"}, {"Expect", "100-continue"}, {"Connection", "close"}};
  CHECK_FALSE(read.read({"POST", "/long%20path?q", http_version::http_1_1, fields}, {}));
  CHECK(read.head().body == body_kind::unknown);
  CHECK(read.expects_continue());
  CHECK_FALSE(read.keep_alive());
  CHECK_FALSE(read.read({"GET", "/", http_version::http_1_1, host}, {}));
  CHECK(read.head().body == body_kind::none);
  CHECK(read.head().path == "/");
  CHECK_FALSE(read.head().has_query);
  CHECK_FALSE(read.expects_continue());
  CHECK(read.keep_alive());
}

TEST_CASE("what a library lets pass is refused as the specification says") {
  CHECK(verdict("GET", "/", host) == 0);
  CHECK(verdict("G ET", "/", host) == 400);
  CHECK(verdict("CONNECT", "x:80", host) == 501);
  CHECK(verdict("GET", "relative", host) == 400);
  CHECK(verdict("GET", "/%4", host) == 400);
  CHECK(verdict("GET", "/a b", host) == 400);
  CHECK(verdict("GET", "*", host) == 400);
  CHECK(verdict("OPTIONS", "*", host) == 0);
  CHECK(verdict("GET", "ftp://x/", host) == 400);
  CHECK(verdict("GET", "/", {}) == 400);
  CHECK(verdict("GET", "/", {}, http_version::http_1_0) == 0);
  CHECK(verdict("GET", "/", {{"Host", ""}}) == 400);
  CHECK(verdict("GET", "/", {{"Host", "a"}, {"Host", "a"}}) == 400);
  CHECK(verdict("GET", "/", {{"Host", "u@a"}}) == 400);
  CHECK(verdict("GET", "/", {{"Host", "x"}, {"A b", "c"}}) == 400);
  CHECK(verdict("GET", "/", {{"Host", "x"}, {"A", "b\r\nC: d"}}) == 400);
  CHECK(verdict("POST", "/", {{"Host", "x"}, {"Content-Length", "1, 1"}}) == 400);
  CHECK(verdict("POST", "/", {{"Host", "x"}, {"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}}) == 400);
  CHECK(verdict("POST", "/", {{"Host", "x"}, {"Transfer-Encoding", "cow"}}) == 501);
  CHECK(verdict("POST", "/", {{"Transfer-Encoding", "chunked"}}, http_version::http_1_0) == 400);
  CHECK(verdict("POST", "/", {{"Host", "x"}, {"Expect", "miracles"}}) == 417);
}

TEST_CASE("limits and root path are those of the options") {
  csgi::server_options options;
  options.limits.request_fields = 2;
  options.limits.request_body = 10;
  options.root_path = "/shop";
  const auto v11 = http_version::http_1_1;
  CHECK(verdict("GET", "/shop", {{"Host", "x"}, {"A", ""}, {"B", ""}}, v11, options) == 431);
  CHECK(verdict("POST", "/shop", {{"Host", "x"}, {"Content-Length", "10"}}, v11, options) == 0);
  CHECK(verdict("POST", "/shop", {{"Host", "x"}, {"Content-Length", "11"}}, v11, options) == 413);
  CHECK(verdict("GET", "/shopping", host, v11, options) == 404);
  received_request read;
  CHECK_FALSE(read.read({"GET", "/sh%6fp/a", v11, host}, options));
  CHECK(read.head().root_path == "/shop");
  CHECK(read.head().tail() == "/a");
}

TEST_CASE("what is rejected is still known by name") {
  received_request read;
  CHECK(read.read({"HEAD", "/%zz", http_version::http_1_0, host}, {}).status == 400);
  CHECK(read.head().method == "HEAD");
  CHECK(read.head().version == http_version::http_1_0);
  CHECK_FALSE(read.keep_alive());
}
}
