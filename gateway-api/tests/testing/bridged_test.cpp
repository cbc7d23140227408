#include "sample_app.hpp"
#include <csgi/as_async.hpp>
#include <csgi/as_blocking.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client;
using testing::request_body;
using testing::time_flow;

namespace {

task<> echo(async_exchange ex) {
  ex.start(200);
  co_await ex.flush();
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
  co_await ex.finish();
}

/// Both bodies at the same time, then a client that leaves.
void converse(application app) {
  CAPTURE(to_string(app.kind()));
  client c(app);
  auto live = c.begin("POST", "/", {.body = request_body::by_hand()});
  CHECK(live.head().status == 200);
  for (const auto* text : {"ping", "pong"}) {
    live.send(text);
    CHECK(live.read() == text);
  }
  live.end_body();
  CHECK(live.finish().whole());

  auto left = c.begin("POST", "/", {.body = request_body::by_hand()});
  left.head();
  left.disconnect();
  CHECK(left.outcome().aborted == std::errc::connection_reset);
}

}  // namespace

TEST_SUITE("testing client: bridged apps") {
TEST_CASE("apps behind bridges answer as without") {
  sample_app blocking(app_kind::blocking, echo), async(app_kind::async, echo);
  as_async to_async(application(blocking).blocking());
  as_blocking to_blocking(application(async).async());
  as_async back_and_there(to_blocking);
  converse(to_async);
  converse(to_blocking);
  converse(back_and_there);
}

TEST_CASE("time is skipped also while a lane's thread waits for a timer of the loop") {
  sample_app app(app_kind::blocking, [](async_exchange ex) -> task<> {
    co_await ex.sleep_for(std::chrono::hours(1));
    co_await ex.respond(200, "text/plain", "late");
  });
  as_async bridged(application(app).blocking());
  client c(bridged, {.time = time_flow::skipped});
  CHECK(c.get("/").body == "late");
}
}
