// posts_test.cpp - the app on SQLite, through the client for tests.
#include "blog_checks.hpp"
#include "temporary_directory.hpp"
#include <boost/json.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/testing/async_client.hpp>
#include <doctest/doctest.h>
#include <posts/posts.hpp>
#include <posts/sql/sqlite_connection.hpp>
#include <posts/sql/sqlite_database.hpp>
#include <set>

using csgi::testing::client;

namespace {

struct served {
  posts app{csgi::arguments()};
  client c{app};
};

sql::opener file(std::string name, std::chrono::milliseconds patience = std::chrono::seconds(2)) {
  return [=](csgi::loop_context* loop) { return loop ? nullptr : sql::make_sqlite_database({.file = name, .patience = patience}); };
}

}  // namespace

TEST_SUITE("posts") {
TEST_CASE("posts are written, read, changed and removed") {
  served s;
  check_posts(s.c);
}

TEST_CASE("a profile is put together from three tables") {
  served s;
  check_profiles(s.c);
}

TEST_CASE("an author has one post of a title, and what breaks that leaves nothing behind") {
  served s;
  check_conflicts(s.c);
}

TEST_CASE("texts that would be code come back as texts, and numbers and names are nothing else") {
  served s;
  check_hostile_texts(s.c);
}

TEST_CASE("another method is answered 405, with those there are; another path 404") {
  served s;
  const auto allowed = [&](const char* method, const char* target) {
    const auto r = s.c.request(method, target);
    CHECK(r.status == 405);
    return std::string(r.field("allow").value_or("nothing"));
  };
  CHECK(allowed("DELETE", "/posts") == "GET, HEAD, POST");
  CHECK(allowed("POST", "/posts/1") == "GET, HEAD, PUT, DELETE");
  CHECK(allowed("PUT", "/profiles/ada") == "GET, HEAD");
  for (const auto* target : {"/", "/post", "/posts/1/2", "/posts/one", "/profiles", "/profiles/a/b"})
    CHECK_MESSAGE(s.c.get(target).status == 404, target);
}

TEST_CASE("a body that is no draft is answered 400, and says why") {
  served s;
  const auto why = [&](std::string body) {
    const auto r = s.c.post("/posts", {.body = std::move(body)});
    CHECK(r.status == 400);
    return std::string(boost::json::parse(r.body).at("error").as_string());
  };
  CHECK(why("") == "The body is no JSON.\n");
  CHECK(why("{\"author\": \"ada\"") == "The body is no JSON.\n");
  CHECK(why("{\"author\": \"\xff\"}") == "The body is no JSON.\n");
  CHECK(why("[]") == "The body has to be an object.");
  CHECK(why("{}") == "\"author\" has to be a text.");
  CHECK(why(R"({"author": 7})") == "\"author\" has to be a text.");
  CHECK(why(draft_json("Ada", "T")) == "An author's name is made of a to z, 0 to 9, \"-\" and \"_\".");
  CHECK(why(draft_json(std::string(41, 'a'), "T")) == "\"author\" has more than 40 bytes.");
  CHECK(why(draft_json("ada", "")) == "\"title\" is empty.");
  CHECK(why(draft_json("ada", std::string("a\0b", 3))) == "\"title\" has a character of code 0.");
  CHECK(why(draft_json("ada", std::string(201, 't'))) == "\"title\" has more than 200 bytes.");
  CHECK(why(draft_json("ada", "T", std::string(32 * 1024 + 1, 't'))) == "\"text\" has more than 32768 bytes.");
  CHECK(why(draft_json("ada", "T", "…", std::vector<std::string>(17, "/p"))) == "There are more than 16 pictures.");
  CHECK(why(R"({"author": "ada", "title": "T", "text": "…", "pictures": "/p"})") == "\"pictures\" has to be a list.");
  CHECK(why(R"({"author": "ada", "title": "T", "text": "…", "pictures": [1]})") == "A picture's URL has to be a text.");
  CHECK(s.c.post("/posts", {.body = std::string(256 * 1024 + 1, ' ')}).status == 413);
  CHECK(s.c.get("/posts").body == R"({"posts":[]})");
  CHECK(s.c.post("/posts", {.body = draft_json(std::string(40, 'a'), std::string(200, 't'), std::string(32 * 1024, 't'),
                                               std::vector<std::string>(16, std::string(500, 'p')))}).status == 201);
}

TEST_CASE("many clients write and read at once, and each gets its own") {
  served s;
  std::set<std::string> places;
  s.c.run([&]() -> csgi::task<> {
    std::vector<csgi::task<>> all;
    const auto write = [&](int i) -> csgi::task<> {
      const csgi::testing::request_options draft{.body = draft_json("ada", std::to_string(i))};
      const auto created = co_await s.c.async().post("/posts", draft);
      CHECK(created.status == 201);
      places.emplace(created.field("location").value_or(""));
      const auto profile = co_await s.c.async().get("/profiles/ada");
      CHECK(profile.status == 200);
    };
    for (int i = 0; i < 50; ++i) all.push_back(write(i));
    auto together = csgi::when_all(std::move(all));
    co_await std::move(together);
  });
  CHECK(places.size() == 50);
}

TEST_CASE("what was written to a file is there the next time") {
  const temporary_directory directory;
  const std::string path = directory.path().string();
  const std::string_view arguments[] = {"--data", path};
  std::string before;
  {
    posts app{csgi::arguments(arguments)};
    client c(app);
    CHECK(c.post("/posts", {.body = draft_json("ada", "Kept")}).status == 201);
    before = c.get("/posts").body;
  }
  posts app{csgi::arguments(arguments)};
  client c(app);
  CHECK(c.get("/posts").body == before);
  CHECK(c.get("/profiles/ada").status == 200);
}

TEST_CASE("while somebody else has the file locked, who writes is asked to try again, and who reads is served") {
  const temporary_directory directory;
  posts app(file(directory.file("shared.db"), std::chrono::milliseconds(1)));
  client c(app);
  CHECK(c.post("/posts", {.body = draft_json("ada", "Before")}).status == 201);
  csgi::blocking_call none;
  sql::sqlite_connection other(directory.file("shared.db"), sql::sqlite_connection::access::writes, std::chrono::seconds(2));
  other.query("BEGIN IMMEDIATE", {}, csgi::stop_flag(none));
  const auto refused = c.post("/posts", {.body = draft_json("ada", "Meanwhile")});
  CHECK(refused.status == 503);
  CHECK(refused.field("retry-after") == "1");
  CHECK(refused.log.size() == 1);
  CHECK(c.get("/profiles/ada").status == 200);
  other.roll_back();
  CHECK(c.post("/posts", {.body = draft_json("ada", "Meanwhile")}).status == 201);
}

TEST_CASE("an app whose database cannot be opened does not start") {
  posts app(file("/nonexistent/posts.db"));
  CHECK_THROWS_AS(client{app}, sql::unavailable);
}
}
