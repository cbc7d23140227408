#include "sample_app.hpp"
#include <csgi/as_async.hpp>
#include <csgi/as_blocking.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/drain_notice.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;
using testing::client;
using testing::time_flow;

namespace {

/// Server-sent events until the server drains.
task<> events(async_exchange ex) {
  ex.start(200);
  for (int count = 1;; ++count) {
    auto either = when_any(server_drains(ex), sleep_for(1h));
    const auto which = co_await std::move(either);
    if (which.index() == 0) break;
    co_await ex.write("data: " + std::to_string(count) + "\n\n");
  }
  co_await ex.finish("event: farewell\n\n");
}

task<> polled_events(async_exchange ex) {
  ex.start(200);
  while (!draining(ex)) {
    co_await ex.sleep_for(20min);
    co_await ex.write(".");
  }
  co_await ex.finish("farewell");
}

}  // namespace

TEST_SUITE("testing client: draining") {
TEST_CASE("requests that run are told that the server drains, and finish") {
  sample_app app(app_kind::async, events);
  client c(app, {.time = time_flow::skipped});
  auto live = c.begin("GET", "/");
  CHECK(live.read() == "data: 1\n\n");
  CHECK(live.read() == "data: 2\n\n");
  c.drain();
  CHECK(live.finish().body == "event: farewell\n\n");
  CHECK(c.get("/").body == "event: farewell\n\n");      // one that begins while the server drains
}

TEST_CASE("blocking apps ask whether the server drains, also on a lane") {
  sample_app app(app_kind::blocking, polled_events);
  as_async bridged(application(app).blocking());
  for (const application each : {application(app), application(bridged)}) {
    CAPTURE(to_string(each.kind()));
    client c(each, {.time = time_flow::skipped});
    auto live = c.begin("GET", "/");
    CHECK(live.read().starts_with("."));
    c.drain();
    CHECK(live.finish().body.ends_with("farewell"));
  }
}

TEST_CASE("an async app behind as_blocking is told, too") {
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    ex.start(200);
    co_await ex.write("waiting", ending::flush);
    co_await server_drains(ex);
    co_await server_drains(ex);
    co_await ex.finish("farewell");
  });
  as_blocking bridged(application(app).async());
  client c(bridged);
  auto live = c.begin("GET", "/");
  CHECK(live.read() == "waiting");
  c.drain();
  CHECK(live.finish().body == "farewell");
}

TEST_CASE("the wait ends with the request: by its client's going, and by the server's wish") {
  for (const bool leaves : {true, false}) {
    CAPTURE(leaves);
    std::error_code how;
    sample_app app(app_kind::async, [&how](async_exchange ex) -> task<> {
      try {
        co_await server_drains(ex);
      } catch (const error& e) {
        how = e.code();
        throw;
      }
    });
    client c(app, {.failure = testing::failures::answered, .time = time_flow::skipped});
    auto live = c.begin("GET", "/");
    if (leaves) live.disconnect();
    else live.stop();
    live.outcome();
    CHECK(how == (leaves ? std::errc::connection_reset : std::errc::operation_canceled));
  }
}

TEST_CASE("where the server does not say, it never drains as far as a request can see, and the wait can be stopped") {
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    auto either = when_any(server_drains(ex), sleep_for(1h));
    const auto which = co_await std::move(either);
    co_await ex.respond(200, "text/plain", draining(ex) ? "draining" : which.index() == 1 ? "an hour" : "?");
  });
  client c(app, {.time = time_flow::skipped});
  auto live = c.begin("GET", "/");
  live.exchange().offer(drain_notice::id, nullptr);
  c.drain();
  CHECK(live.finish().body == "an hour");
}
}
