#include "sample_app.hpp"
#include <csgi/run.hpp>
#include <csgi/testing/async_client.hpp>
#include <csgi/when_all.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client;
using testing::request_body;
using testing::time_flow;

namespace {

constexpr app_kind kinds[] = {app_kind::blocking, app_kind::async};

task<> echo(async_exchange ex) {
  ex.start(200);
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
  co_await ex.finish();
}

}  // namespace

TEST_SUITE("testing async client") {
TEST_CASE("a test that is a coroutine awaits responses, on the client's loop and on any other") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, echo);
    client c(app);
    const auto test = [&]() -> task<int> {
      const testing::request_options with{.body = "bytes"};
      const auto r = co_await c.async().post("/", with);
      CHECK(r.body == "bytes");
      const auto empty = co_await c.async().get("/");
      co_return empty.status;
    };
    CHECK(c.run(test) == 200);
    CHECK(csgi::run(test()) == 200);
  }
}

TEST_CASE("on the client's loop requests are answered beside each other") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, [](async_exchange ex) -> task<> {
      co_await ex.sleep_for(std::chrono::hours(1));
      co_await ex.respond(200, "text/plain", ex.head().path);
    });
    client c(app, {.time = time_flow::skipped});
    c.run([&]() -> task<> {
      auto both = when_all(c.async().get("/one"), c.async().get("/two"));
      const auto [one, two] = co_await std::move(both);
      CHECK(one.body == "/one");
      CHECK(two.body == "/two");
    });
  }
}

TEST_CASE("conversations can be awaited part by part") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, echo);
    client c(app);
    c.run([&]() -> task<> {
      auto live = c.begin("POST", "/", {.body = request_body::by_hand()});
      co_await c.async().send(live, "ping");
      const auto head = co_await c.async().head(live);
      CHECK(head.status == 200);
      const auto part = co_await c.async().read(live);
      CHECK(part == "ping");
      live.end_body();
      const auto r = co_await c.async().finish(live);
      CHECK(r.whole());
    });
  }
}

TEST_CASE("a coroutine that waits in vain is told so") {
  sample_app app(app_kind::async, echo);
  client c(app, {.time = time_flow::skipped});
  const auto test = [&]() -> task<> {
    auto live = c.begin("POST", "/", {.body = request_body::by_hand()});
    co_await c.async().finish(live);
  };
  CHECK_THROWS_AS(c.run(test), std::logic_error);
}
}
