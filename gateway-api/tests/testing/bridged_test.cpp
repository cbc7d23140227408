#include "sample_app.hpp"
#include <csgi/as_async.hpp>
#include <csgi/as_blocking.hpp>
#include <csgi/forwarding_exchange.hpp>
#include <csgi/run.hpp>
#include <csgi/to_thread.hpp>
#include <doctest/doctest.h>
#include <functional>
#include <latch>

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

/// An executor that counts what is posted to it.
class counting_executor final : public csgi::executor {
 public:
  explicit counting_executor(csgi::executor& next) noexcept : next_(next) {}
  void post(work& w) noexcept override {
    ++posted;
    next_.post(w);
  }
  begun begin_wait(timer_op& t) noexcept override { return next_.begin_wait(t); }
  bool here() const noexcept override { return next_.here(); }
  std::atomic<int> posted{0};

 private:
  csgi::executor& next_;
};

/// What an app does when it asks for its executor and starts its response is seen, or spoilt, here.
class view final : public forwarding_exchange {
 public:
  view(exchange& next, csgi::executor& on, std::error_code why = {}) noexcept : forwarding_exchange(next), on_(on), refused_(why) {}
  csgi::executor& executor() noexcept override { return on_; }
  std::error_code start(const response_head& head) noexcept override { return refused_ ? refused_ : forwarding_exchange::start(head); }

 private:
  csgi::executor& on_;
  std::error_code refused_;
};

class function_app final : public blocking_app {
 public:
  explicit function_app(std::function<void(blocking_exchange)> f) : function_(std::move(f)) {}
  void http(blocking_exchange ex) override { function_(ex); }

 private:
  std::function<void(blocking_exchange)> function_;
};

/// How often an app behind as_async goes to the request's executor, its own end left out.
int journeys_of(std::function<void(blocking_exchange)> f, std::string_view answer) {
  function_app app(std::move(f));
  as_async bridged(app);
  int journeys = 0;
  sample_app counted(app_kind::async, [&](async_exchange ex) -> task<> {
    counting_executor counting(ex.raw().executor());
    view seen(ex.raw(), counting);
    co_await bridged.http(async_exchange(seen));
    journeys = counting.posted;
  });
  client c(counted);
  const auto r = c.get("/");
  CHECK(r.whole());
  CHECK(r.body == answer);
  return journeys;
}

}  // namespace

TEST_SUITE("testing client: bridged apps") {
TEST_CASE("apps behind bridges answer as without") {
  sample_app blocking(app_kind::blocking, echo), async(app_kind::async, echo);
  as_async to_async(application(blocking).blocking());
  as_blocking to_blocking(application(async).async());
  as_async back_and_there(to_blocking);
  as_blocking there_and_back(to_async);
  converse(to_async);
  converse(to_blocking);
  converse(back_and_there);
  converse(there_and_back);
}

TEST_CASE("a blocking app that answers in one piece goes to the request's executor once") {
  CHECK(journeys_of([](blocking_exchange ex) { ex.respond(200, "text/plain", "whole"); }, "whole") == 1);
  CHECK(journeys_of([](blocking_exchange ex) {
          ex.start(404);
          ex.start(200, {{"content-length", "3"}});
          CHECK(ex.phase() == phase::started);
          ex.finish("one");
          CHECK(ex.phase() == phase::finished);
          CHECK_THROWS_AS(ex.write("two"), misuse);
          CHECK_THROWS_AS(ex.start(500), misuse);
        }, "one") == 1);
  const std::string large(65'537, 'x');
  CHECK(journeys_of([&](blocking_exchange ex) { ex.respond(200, "text/plain", large); }, large) == 1);
}

TEST_CASE("a finish leaves before the blocking app has returned") {
  std::latch read(1);
  function_app app([&](blocking_exchange ex) {
    ex.respond(200, "text/plain", "early");
    read.wait();
  });
  as_async bridged(app);
  client c(bridged);
  auto live = c.begin("GET", "/");
  CHECK(live.head().status == 200);
  CHECK(live.read() == "early");
  read.count_down();
  CHECK(live.finish().whole());
}

TEST_CASE("a client that has gone between head and body is told as gone") {
  class lost final : public forwarding_exchange {
   public:
    using forwarding_exchange::forwarding_exchange;
    csgi::phase phase() const noexcept override { return phase::aborted; }
    std::error_code start(const response_head&) noexcept override { return std::make_error_code(std::errc::operation_not_permitted); }
    begun begin_write(write_op& op) noexcept override {
      op.error = std::make_error_code(std::errc::connection_reset);
      return begun::completed;
    }
  };
  function_app streaming([](blocking_exchange ex) {
    ex.start(200);
    CHECK_THROWS_AS(ex.write("some"), disconnected);
  });
  function_app whole([](blocking_exchange ex) { ex.respond(200, "text/plain", "all"); });
  as_async streams(streaming), responds(whole);
  sample_app outer(app_kind::async, [&](async_exchange ex) -> task<> {
    lost view(ex.raw());
    co_await streams.http(async_exchange(view));
    bool told = false;
    try {
      co_await responds.http(async_exchange(view));
    } catch (const disconnected&) {
      told = true;
    }
    co_await ex.respond(200, "text/plain", told ? "told" : "silent");
  });
  client c(outer);
  CHECK(c.get("/").body == "told");
}

TEST_CASE("a head that breaks a rule is refused in the call, and one that a middleware refuses when the app is done") {
  function_app app([](blocking_exchange ex) {
    CHECK_THROWS_AS(ex.start(200, {{"a b", "c"}}), misuse);
    CHECK_THROWS_AS(ex.start(200, {{"content-length", "one"}}), misuse);
    CHECK(ex.phase() == phase::open);
    ex.respond(200, "text/plain", "unseen");
  });
  as_async bridged(app);
  sample_app refusing(app_kind::async, [&](async_exchange ex) -> task<> {
    view spoilt(ex.raw(), ex.raw().executor(), std::make_error_code(std::errc::invalid_argument));
    co_await bridged.http(async_exchange(spoilt));
  });
  client c(refusing);
  CHECK_THROWS_AS(c.get("/"), misuse);
}

TEST_CASE("a length that the body does not keep is told to the blocking app") {
  function_app app([](blocking_exchange ex) {
    ex.start(200, {{"content-length", "3"}});
    CHECK_THROWS_AS(ex.finish("four"), too_large);
    ex.finish("one");
  });
  as_async bridged(app);
  client c(bridged);
  CHECK(c.get("/").body == "one");
}

TEST_CASE("blocking code of an app behind as_blocking has a thread of its own, and may run coroutines of its request") {
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    const auto here = std::this_thread::get_id();
    auto call = to_thread([ex, here] {
      const bool elsewhere = std::this_thread::get_id() != here;
      const std::string chunk(run(ex, [ex]() -> task<std::string> { co_return std::string(co_await ex.read()); }));
      return chunk + (elsewhere ? " elsewhere" : " here");
    });
    const std::string text = co_await call;
    co_await ex.respond(200, "text/plain", text);
  });
  as_blocking bridged(application(app).async());
  client c(bridged);
  CHECK(c.post("/", {.body = "read"}).body == "read elsewhere");
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
