// transactions_test.cpp - what runs together, and what becomes of a request that fails in the middle.
#include "blog_checks.hpp"
#include "watched_database.hpp"
#include <csgi/sleep.hpp>
#include <doctest/doctest.h>
#include <posts/posts.hpp>
#include <posts/sql/sqlite_database.hpp>

using namespace std::chrono_literals;
using csgi::testing::client;

namespace {

sql::opener memory() {
  return [file = sql::in_memory()](csgi::loop_context* loop) { return loop ? nullptr : sql::make_sqlite_database({.file = file}); };
}

/// What a statement is about: "users" of "SELECT name FROM users WHERE …".
std::string first_table(std::string_view statement) {
  const auto at = statement.rfind("FROM ") + 5;
  return std::string(statement.substr(at, statement.find(' ', at) - at));
}

/// Takes note of statements while it is told to.
struct notes {
  bool taken = false;
  std::vector<std::string> lines = {};
  std::size_t fails_at = 0;         // the statement that fails, from 1 on; 0: none

  watcher watch = [this](std::string_view statement) -> csgi::task<> { return note(*this, std::string(statement)); };

  static csgi::task<> note(notes& self, std::string statement) {
    if (!self.taken) co_return;
    self.lines.push_back(statement);
    if (self.lines.size() == self.fails_at) throw sql::failure("a fault on purpose");
  }
};

}  // namespace

TEST_SUITE("transactions") {
TEST_CASE("the three queries of a profile run together unless told otherwise, and so do the two of a post") {
  std::vector<std::string> trace;
  bool traced = false;
  const auto slow = [&](std::string statement) -> csgi::task<> {
    if (!traced) co_return;
    trace.push_back('+' + first_table(statement));
    co_await csgi::sleep_for(1h);
    trace.push_back('-' + first_table(statement));
  };
  const watcher watch = [&](std::string_view statement) { return slow(std::string(statement)); };
  posts app(watched(memory(), watch));
  client c(app, {.time = csgi::testing::time_flow::skipped});
  CHECK(c.post("/posts", {.body = draft_json("ada", "First", "…", {"/a.png"})}).status == 201);
  traced = true;

  CHECK(c.get("/profiles/ada").status == 200);
  CHECK(trace == std::vector<std::string>{"+users", "+pictures", "+posts", "-users", "-pictures", "-posts"});
  trace.clear();
  CHECK(c.get("/profiles/ada?queries=in-a-row").status == 200);
  CHECK(trace == std::vector<std::string>{"+users", "-users", "+pictures", "-pictures", "+posts", "-posts"});
  trace.clear();
  CHECK(c.get("/posts/1").status == 200);
  CHECK(trace == std::vector<std::string>{"+posts", "+pictures", "-posts", "-pictures"});
}

TEST_CASE("a request that writes is one transaction") {
  notes n;
  posts app(watched(memory(), n.watch));
  client c(app);
  n.taken = true;
  CHECK(c.post("/posts", {.body = draft_json("ada", "First", "…", {"/a.png", "/b.png"})}).status == 201);
  REQUIRE(n.lines.size() == 6);
  CHECK(n.lines.front() == "BEGIN");
  CHECK(n.lines.back() == "COMMIT");
}

TEST_CASE("whichever statement fails, nothing of the request is left, and the next one is served") {
  for (std::size_t fault = 1; fault <= 6; ++fault) {
    CAPTURE(fault);
    notes n;
    posts app(watched(memory(), n.watch));
    client c(app, {.failure = csgi::testing::failures::answered});
    n.taken = true;
    n.fails_at = fault;
    const csgi::testing::request_options draft{.body = draft_json("ada", "First", "…", {"/a.png", "/b.png"})};
    CHECK(c.post("/posts", draft).status == 500);
    n.taken = false;
    CHECK(c.get("/posts").body == R"({"posts":[]})");
    CHECK(c.get("/profiles/ada").status == 404);
    CHECK(c.post("/posts", draft).status == 201);
  }
}

TEST_CASE("a request that is stopped in the middle of a transaction leaves nothing, and keeps nobody waiting") {
  bool halts = true;
  bool halted = false;
  const auto halt = [&](std::string statement) -> csgi::task<> {
    if (!halts || !statement.starts_with("INSERT INTO pictures")) co_return;
    halted = true;
    co_await csgi::sleep_for(24h);
  };
  const watcher watch = [&](std::string_view statement) { return halt(std::string(statement)); };
  posts app(watched(memory(), watch));
  client c(app);
  const csgi::testing::request_options draft{.body = draft_json("ada", "First", "…", {"/a.png"})};
  {
    auto live = c.begin("POST", "/posts", draft);
    CHECK(c.loop().turn_until([&] { return halted; }));
    live.stop();
    CHECK(live.outcome().status != 201);
  }
  halts = false;
  CHECK(c.get("/profiles/ada").status == 404);
  CHECK(c.post("/posts", draft).status == 201);
}
}
