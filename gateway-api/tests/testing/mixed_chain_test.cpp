#include "sample_app.hpp"
#include <csgi/chain.hpp>
#include <csgi/middleware/errors.hpp>
#include <csgi/middleware/gzip.hpp>
#include <csgi/middleware/timing.hpp>
#include <csgi/mount_table.hpp>
#include <csgi/sleep.hpp>
#include <doctest/doctest.h>
#include <thread>

// Stages of one kind around apps of the other, with the bridges between them.
using namespace csgi;
using testing::client;
using testing::request_body;
using testing::time_flow;

namespace {

/// Blocking only: lets nobody in without a name, and stamps what comes out.
struct doorkeeper {
  void operator()(blocking_exchange ex, next_app app) const {
    if (ex.head().field("x-name")) app(ex);
    else ex.respond(401, "text/plain", "who are you?\n");
  }
};

/// Async only: lets one wait for an hour.
struct patience {
  static constexpr auto kinds = stage_kinds::async;
  task<> operator()(async_exchange ex, next_app app) const {
    co_await ex.sleep_for(std::chrono::hours(1));
    co_await app(ex);
  }
};

/// Notes the thread that it runs on.
struct where {
  task<> operator()(async_exchange ex, next_app app) const {
    *seen = std::this_thread::get_id();
    co_await app(ex);
  }
  std::thread::id* seen;
};

task<> echo(async_exchange ex) {
  ex.start(200);
  co_await ex.flush();
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
  co_await ex.finish();
}

task<> fail(async_exchange) {
  throw http_error(409, "not now\n");
  co_return;
}

/// Both bodies at the same time through whatever is around the app, and a client that leaves.
void converse(application app) {
  client c(app, {.time = time_flow::skipped});
  auto live = c.begin("POST", "/", {.fields = {{"x-name", "Ada"}}, .body = request_body::by_hand()});
  CHECK(live.head().status == 200);
  for (const auto* text : {"ping", "pong"}) {
    live.send(text);
    CHECK(live.read() == text);
  }
  live.end_body();
  CHECK(live.finish().whole());

  auto left = c.begin("POST", "/", {.fields = {{"x-name", "Ada"}}, .body = request_body::by_hand()});
  left.head();
  left.disconnect();
  CHECK(left.outcome().aborted == std::errc::connection_reset);
}

/// Takes part in life, and tells.
template <class App>
struct living final : App {
  explicit living(std::string& t) : told(t) {}
  std::conditional_t<std::is_same_v<App, async_app>, task<>, void> http(
      std::conditional_t<std::is_same_v<App, async_app>, async_exchange, blocking_exchange> ex) override {
    told += "http, ";
    return answer(ex);
  }
  std::conditional_t<std::is_same_v<App, async_app>, task<>, void> startup(server_context&) override {
    told += "startup, ";
    return nothing();
  }
  void draining() noexcept override { told += "draining, "; }
  std::conditional_t<std::is_same_v<App, async_app>, task<>, void> shutdown() override {
    told += "shutdown, ";
    return nothing();
  }
  static task<> answer(async_exchange ex) { co_await ex.respond(200, "text/plain", "hello\n"); }
  static void answer(blocking_exchange ex) { ex.respond(200, "text/plain", "hello\n"); }
  static auto nothing() {
    if constexpr (std::is_same_v<App, async_app>) return []() -> task<> { co_return; }();
  }

  std::string& told;
};

}  // namespace

TEST_SUITE("mixed chain") {
TEST_CASE("a blocking stage stands around an async app, and streams") {
  sample_app async(app_kind::async, echo);
  chain app{doorkeeper(), application(async)};
  CHECK(client(app).get("/").status == 401);
  converse(app);
}

TEST_CASE("CSGI-CORE-082: a stage that says it is async stands around a blocking app, and streams") {
  sample_app blocking(app_kind::blocking, echo);
  chain app{patience(), application(blocking)};
  converse(app);
}

TEST_CASE("an async stage around a blocking one around an async app") {
  sample_app async(app_kind::async, echo);
  chain app{patience(), doorkeeper(), application(async)};
  CHECK(decltype(app)::switches(app_kind::async) == 2);
  CHECK(decltype(app)::switches(app_kind::blocking) == 1);
  converse(app);
}

TEST_CASE("around a composite the bridge leads to the app that answers the request") {
  sample_app async(app_kind::async, echo), blocking(app_kind::blocking, echo);
  mount_table table{application(async)};
  table.mount("/blocking", application(blocking));
  chain app{errors(), doorkeeper(), timing(), table};
  client c(app);
  for (const auto* target : {"/", "/blocking"}) {
    CAPTURE(std::string(target));
    CHECK(c.get(target).status == 401);
    CHECK(c.post(target, {.fields = {{"x-name", "Ada"}}, .body = "ping"}).body == "ping");
  }
}

TEST_CASE("stages for both kinds run beside the app") {
  std::thread::id outside, inside, apps;
  const auto answer = [&apps](async_exchange ex) -> task<> {
    apps = std::this_thread::get_id();
    co_await ex.respond(200, "text/plain", "hello\n");
  };
  sample_app blocking(app_kind::blocking, answer);
  chain app{where{&outside}, patience(), where{&inside}, application(blocking)};
  client c(app, {.time = time_flow::skipped});
  CHECK(c.get("/").body == "hello\n");
  CHECK(inside == apps);
  CHECK(outside != apps);
}

TEST_CASE("what the app throws is answered by stages of the other kind, and names the app") {
  sample_app async(app_kind::async, fail), blocking(app_kind::blocking, fail);
  chain around_async{errors(), doorkeeper(), application(async)};
  chain around_blocking{errors(), patience(), application(blocking)};
  const auto check = [](application app) {
    client c(app, {.time = time_flow::skipped});
    const auto r = c.get("/", {.fields = {{"x-name", "Ada"}}});
    CHECK(r.status == 409);
    CHECK(r.body == "not now\n");
  };
  check(around_async);
  check(around_blocking);
}

TEST_CASE("the app at the end is found behind bridges") {
  sample_app async(app_kind::async, echo);
  chain app{patience(), doorkeeper(), application(async)};
  application found = app;
  const auto look = [&found](blocking_exchange ex, next_app next) {
    found = next.last(ex.head());
    ex.respond(200, "text/plain", "seen\n");
  };
  chain looking{patience(), look, app};
  client c(looking, {.time = time_flow::skipped});
  CHECK(c.get("/").body == "seen\n");
  REQUIRE(found.kind() == app_kind::async);
  CHECK(&found.async() == &application(async).async());
}

TEST_CASE("startup, draining and shutdown reach the app, once, whatever its chain's kind") {
  std::string told;
  const auto live = [&told](application app) {
    {
      client c(app, {.time = time_flow::skipped});
      CHECK(c.get("/", {.fields = {{"x-name", "Ada"}}}).body == "hello\n");
    }
    CHECK(told == "startup, http, draining, shutdown, ");
    told.clear();
  };
  living<async_app> async(told);
  living<blocking_app> blocking(told);
  chain around_async{doorkeeper(), async};
  chain around_blocking{patience(), doorkeeper(), blocking};
  chain around_chain{patience(), around_async};
  live(around_async);
  live(around_blocking);
  live(around_chain);
}

TEST_CASE("a transforming stage works on either side of a bridge") {
  const auto text = std::string(10'000, 'x');
  const auto answer = [&text](async_exchange ex) -> task<> { co_await ex.respond(200, "text/plain", text); };
  sample_app async(app_kind::async, answer), blocking(app_kind::blocking, answer);
  chain inside_async{doorkeeper(), gzip(), application(async)};
  chain outside_async{gzip(), doorkeeper(), application(async)};
  chain inside_blocking{patience(), gzip(), application(blocking)};
  chain outside_blocking{gzip(), patience(), application(blocking)};
  for (const application app : std::initializer_list<application>{inside_async, outside_async, inside_blocking, outside_blocking}) {
    client c(app, {.time = time_flow::skipped});
    const auto r = c.get("/", {.fields = {{"x-name", "Ada"}, {"accept-encoding", "gzip"}}});
    CHECK(r.status == 200);
    CHECK(r.field("content-encoding") == "gzip");
    CHECK(r.body.size() < 200);
  }
}
}
