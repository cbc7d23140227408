#include <csgi/mount_table.hpp>
#include "recording_exchange.hpp"
#include <doctest/doctest.h>

using namespace csgi;

namespace {

// Each says its name, where it is mounted, and what is below.
std::string said(std::string_view name, const request& head) {
  CHECK(head.path == std::string(head.root_path) + std::string(head.tail()));
  return std::string(name) + ' ' + std::string(head.root_path) + ' ' + std::string(head.tail());
}

struct async_named final : async_app {
  explicit async_named(std::string n) : name(std::move(n)) {}
  task<> http(async_exchange ex) override {
    const auto text = said(name, ex.head());
    co_await ex.respond(200, "text/plain", text);
  }
  std::string name;
};

struct blocking_named final : blocking_app {
  explicit blocking_named(std::string n) : name(std::move(n)) {}
  void http(blocking_exchange ex) override { ex.respond(200, "text/plain", said(name, ex.head())); }
  std::string name;
};

struct site {
  site() {
    table.mount("/echo", echo).mount("/files", files).mount("/files/deep", deep);
  }
  std::string get(std::string target, std::string root_path = {}) {
    const scripted_head head({.target = target, .root_path = root_path});
    const auto how = application(table).resolve(head.head()).kind() == app_kind::async ? completion::later : completion::inside;
    recording_exchange x(how, {.target = target, .root_path = root_path});
    x.serve(table);
    return x.response().body;
  }
  blocking_named rest{"rest"}, files{"files"};
  async_named echo{"echo"}, deep{"deep"};
  mount_table table{rest};
};

}  // namespace

TEST_SUITE("mount_table") {
TEST_CASE("a prefix takes what lies below it, at the boundary of a segment only") {
  site s;
  CHECK(s.get("/echo") == "echo /echo ");
  CHECK(s.get("/echo/") == "echo /echo /");
  CHECK(s.get("/echo/a/b") == "echo /echo /a/b");
  CHECK(s.get("/echoes") == "rest  /echoes");
  CHECK(s.get("/") == "rest  /");
  CHECK(s.get("/Echo") == "rest  /Echo");
}

TEST_CASE("the longest prefix wins, in whatever order they were mounted") {
  site s;
  CHECK(s.get("/files/x") == "files /files /x");
  CHECK(s.get("/files/deep/x") == "deep /files/deep /x");
  CHECK(s.get("/files/deeper") == "files /files /deeper");
}

TEST_CASE("a prefix is below the server's own root path") {
  site s;
  CHECK(s.get("/app/echo/x", "/app") == "echo /app/echo /x");
  CHECK(s.get("/app/x", "/app") == "rest /app /x");
  CHECK(s.get("/echo/x", "/echo") == "rest /echo /x");
}

TEST_CASE("tables nest") {
  site inner;
  blocking_named rest("outer");
  mount_table outer(rest);
  outer.mount("/in", inner.table);
  for (const auto& [target, body] : {std::pair("/in/echo/x", "echo /in/echo /x"), std::pair("/in/files/x", "files /in/files /x"),
                                     std::pair("/in", "rest /in "), std::pair("/echo", "outer  /echo")}) {
    const scripted_head head({.target = target});
    const auto how = application(outer).resolve(head.head()).kind() == app_kind::async ? completion::later : completion::inside;
    recording_exchange x(how, {.target = target});
    x.serve(outer);
    CHECK(x.response().body == body);
    CHECK(x.frames().held == 0);
  }
}

TEST_CASE("the decoded path decides, and nothing but root_path changes") {
  site s;
  CHECK(s.get("/%65cho/a%20b?q=1") == "echo /echo /a b");
}

TEST_CASE("a prefix that is no mount point is refused") {
  site s;
  CHECK_THROWS_AS(s.table.mount("", s.rest), std::invalid_argument);
  CHECK_THROWS_AS(s.table.mount("/", s.rest), std::invalid_argument);
  CHECK_THROWS_AS(s.table.mount("/x/", s.rest), std::invalid_argument);
  CHECK_THROWS_AS(s.table.mount("x", s.rest), std::invalid_argument);
  CHECK_THROWS_AS(s.table.mount("/echo", s.rest), std::invalid_argument);
}
}
