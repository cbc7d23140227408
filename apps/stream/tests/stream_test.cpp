#include <stream/counter_query.hpp>
#include <stream/stream.hpp>
#include "recording_exchange.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

recorded_response answer(scripted_request script) {
  recording_exchange x(completion::later, std::move(script));
  stream app;
  x.serve(app);
  CHECK(x.phase() == phase::finished);
  CHECK(x.frames().held == 0);
  return x.response();
}

}  // namespace

TEST_SUITE("stream") {
TEST_CASE("the head goes out first, then a line a tick") {
  recording_exchange x(completion::later, {.target = "/?count=3&interval=250"});
  stream app;
  const auto before = clock::now();
  x.serve(app);
  CHECK(x.response().body == "1\n2\n3\n");
  CHECK(x.response().trace == std::vector<std::string>{"start 200", "flush", "write 2", "write 2", "write 2", "finish"});
  REQUIRE(x.executor().waits().size() == 2);
  CHECK(x.executor().waits()[0] >= before + 250ms);
  CHECK(x.executor().waits()[1] <= clock::now() + 250ms);
}

TEST_CASE("ten lines, a second apart, unless asked otherwise") {
  recording_exchange x(completion::later);
  stream app;
  const auto before = clock::now();
  x.serve(app);
  CHECK(x.response().body == "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n");
  REQUIRE(x.executor().waits().size() == 9);
  CHECK(x.executor().waits()[0] >= before + 1s);
}

TEST_CASE("it stops when the client goes") {
  recording_exchange x(completion::later, {.target = "/?count=100000&interval=0"});
  x.fails_at = 5;
  stream app;
  CHECK_THROWS_AS(x.serve(app), disconnected);
  CHECK(x.response().body == "1\n2\n3\n");
}

TEST_CASE("it stops when the server asks it to") {
  recording_exchange x(completion::later, {.target = "/?count=100000"});
  x.fails_at = 5;
  x.fails_with = std::errc::operation_canceled;
  stream app;
  CHECK_THROWS_AS(x.serve(app), cancelled);
}

TEST_CASE("nonsense is answered 400") {
  for (const auto* query : {"count=0", "count=100001", "count=-1", "count=", "count", "count=1x", "count= 1", "count=+1",
                            "interval=60001", "interval=0.5", "count=99999999999999999999", "count=1&count=2", "other=1",
                            "count=1&&interval=1", "&"}) {
    CAPTURE(query);
    CHECK(answer({.target = std::string("/?") + query}).status == 400);
  }
  CHECK(answer({.target = "/?count=1&interval=60000"}).status == 200);
  CHECK(answer({.target = "/?"}).status == 200);
}

TEST_CASE("the bounds of a query hold") {
  CHECK(counter_query::parse("")->count == 10);
  CHECK(counter_query::parse("interval=0&count=100000")->count == 100'000);
  CHECK(counter_query::parse("interval=7")->interval == 7ms);
}

TEST_CASE("HEAD gets the head, other methods and other paths are refused") {
  CHECK(answer({.method = "HEAD"}).trace == std::vector<std::string>{"start 200", "finish"});
  const auto post = answer({.method = "POST"});
  CHECK(post.status == 405);
  CHECK(post.field("allow") == "GET, HEAD");
  CHECK(answer({.target = "/elsewhere"}).status == 404);
  CHECK(answer({.target = "/mounted", .root_path = "/mounted"}).status == 200);
}
}
