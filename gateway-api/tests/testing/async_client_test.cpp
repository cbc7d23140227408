#include "sample_app.hpp"
#include <csgi/async_websocket.hpp>
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

/// Two WebSockets are at one table; what one says the other hears.
task<> at_the_table(async_exchange ex) {
  async_websocket socket(ex);
  if (ex.head().path == "/full") {
    co_await ex.respond(403, "text/plain", "the table is full");
    co_return;
  }
  co_await socket.accept();
  for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) {
    co_await ex.sleep_for(std::chrono::hours(1));
    co_await socket.send(got);
  }
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

TEST_CASE("WebSockets can be awaited, beside each other") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, at_the_table);
    client c(app, {.time = time_flow::skipped});
    std::string course;
    const auto talk = [&](std::string text) -> task<> {
      auto socket = c.websocket("/");
      const bool yes = co_await c.async().accepted(socket);
      REQUIRE(yes);
      co_await c.async().send(socket, text);
      course += "sent ";
      const auto said = co_await c.async().receive(socket);
      course += "received ";
      CHECK(said == text);
      co_await c.async().send_binary(socket, text);
      const auto again = co_await c.async().receive(socket);
      CHECK(again.kind == message_kind::binary);
      socket.close(1000, "bye");
      const auto how = co_await c.async().end(socket);
      CHECK(how.code == 1000);
    };
    c.run([&]() -> task<> {
      auto both = when_all(talk("one"), talk("two"));
      co_await std::move(both);
    });
    CHECK(course == "sent sent received received ");
    csgi::run(talk("elsewhere"));
  }
}

TEST_CASE("whoever awaits a message of an app that has declined is told so") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, at_the_table);
    client c(app);
    c.run([&]() -> task<> {
      auto socket = c.websocket("/full");
      const bool yes = co_await c.async().accepted(socket);
      CHECK_FALSE(yes);
      try {
        co_await c.async().receive(socket);
        FAIL("there is a message");
      } catch (const std::logic_error& told) {
        CHECK(std::string(told.what()) == "the app has not accepted, but answered 403: the table is full");
      }
    });
  }
}
}
