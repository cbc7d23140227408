#include "sample_app.hpp"
#include <csgi/as_blocking.hpp>
#include <csgi/background.hpp>
#include <csgi/per_loop.hpp>
#include <csgi/run.hpp>
#include <csgi/sleep.hpp>
#include <csgi/when_any.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client;
using testing::time_flow;

namespace {

constexpr app_kind kinds[] = {app_kind::blocking, app_kind::async};

}  // namespace

TEST_SUITE("testing client: life, time and threads") {
TEST_CASE("startup comes first, shutdown last, and a failing startup is the constructor's") {
  struct lived final : async_app {
    std::string life;
    bool fails = false;
    task<> startup(server_context& context) override {
      context.log(log_level::info, "starting");
      life += "startup ";
      if (fails) throw std::runtime_error("no database");
      co_return;
    }
    task<> http(async_exchange ex) override {
      life += "request ";
      co_await ex.respond(200, "text/plain", "");
    }
    void draining() noexcept override { life += "draining "; }
    task<> shutdown() override {
      life += "shutdown";
      co_return;
    }
  } app;
  {
    client c(app);
    CHECK(c.log().at(0).text == "starting");
    c.get("/");
  }
  CHECK(app.life == "startup request draining shutdown");
  app.fails = true;
  CHECK_THROWS_WITH(client{application(app)}, "no database");
}

TEST_CASE("the loop's startup comes after the app's, with timers and a lane, and its shutdown before the app's") {
  struct lived final : async_app {
    per_loop<std::string> words;
    std::string life;
    std::string fails;
    task<> startup(server_context&) override { return step("startup"); }
    task<> shutdown() override { return step("shutdown"); }
    task<> loop_startup(loop_context& loop) override {
      auto& word = words.emplace(loop);
      auto on_lane = to_thread([] { return std::string("kept"); });
      word = co_await on_lane;
      co_await sleep_for(std::chrono::hours(1));
      loop.log(log_level::info, "on the loop");
      co_await step("loop startup");
    }
    task<> loop_shutdown(loop_context& loop) override {
      auto on_lane = to_thread([this] { life += "lane "; });
      co_await on_lane;
      words.erase(loop);
      co_await step("loop shutdown");
    }
    task<> http(async_exchange ex) override { co_await ex.respond(200, "text/plain", words.at(ex)); }
    task<> step(std::string what) {
      life += what + ' ';
      if (what == fails) throw std::runtime_error("no " + what);
      co_return;
    }
  } app;
  {
    client c(app, {.time = time_flow::skipped});
    CHECK(c.log().at(0).text == "on the loop");
    CHECK(c.get("/").body == "kept");
  }
  CHECK(app.life == "startup loop startup lane loop shutdown shutdown ");
  app.life.clear();
  app.fails = "loop startup";
  CHECK_THROWS_WITH(client(application(app), {.time = time_flow::skipped}), "no loop startup");
  CHECK(app.life == "startup loop startup shutdown ");
  app.life.clear();
  app.fails = "loop shutdown";
  client c(app, {.time = time_flow::skipped});
  CHECK_THROWS_WITH(c.close(), "no loop shutdown");
  CHECK(app.life == "startup loop startup lane loop shutdown shutdown ");
}

TEST_CASE("behind as_blocking no loop is started, and what asks for its things is told so") {
  struct looped final : async_app {
    per_loop<int> numbers;
    int started = 0;
    task<> loop_startup(loop_context& loop) override {
      ++started;
      numbers.emplace(loop, 1);
      co_return;
    }
    task<> http(async_exchange ex) override { co_await ex.respond(200, "text/plain", std::to_string(numbers.at(ex))); }
  } app;
  as_blocking bridged(app);
  client c(bridged);
  CHECK_THROWS_WITH_AS(c.get("/"), "per_loop::at() where loop_startup() has made nothing, as behind csgi::as_blocking: Operation not permitted", misuse);
  CHECK(app.started == 0);
  CHECK(client(application(app)).get("/").body == "1");
}

TEST_CASE("time is skipped where nothing else is to be done: hours pass at once, in both kinds") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, [](async_exchange ex) -> task<> {
      for (int i = 0; i < 3; ++i) co_await ex.sleep_for(std::chrono::hours(5));
      co_await ex.respond(200, "text/plain", "late");
    });
    client c(app, {.time = time_flow::skipped});
    CHECK(c.get("/").body == "late");
    CHECK(c.loop().waits().size() == 3);
  }
}

TEST_CASE("what never comes does not come by skipping either") {
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    co_await ex.sleep_for(std::chrono::hours(5));
    auto either = when_any(ex.sleep_for(clock::duration::max()), ex.sleep_for(std::chrono::hours(5)));
    const auto first = co_await std::move(either);
    co_await ex.respond(200, "text/plain", std::to_string(first.index()));
  });
  client c(app, {.time = time_flow::skipped});
  CHECK(c.get("/").body == "1");
}

TEST_CASE("blocking code of coroutines runs on a lane, coroutines of that on the loop, timers among them") {
  struct worker final : async_app {
    task<> http(async_exchange ex) override {
      const auto here = std::this_thread::get_id();
      auto lane = to_thread([&] {
        const auto slept = csgi::run(ex, [&] { return sleeping(ex, here); });
        return std::this_thread::get_id() != here && slept;
      });
      const bool right = co_await lane;
      co_await ex.respond(right ? 200 : 500, "text/plain", "");
    }
    static task<bool> sleeping(async_exchange ex, std::thread::id here) {
      co_await ex.sleep_for(std::chrono::hours(1));
      co_return std::this_thread::get_id() == here;
    }
  } app;
  client c(app, {.time = time_flow::skipped});
  CHECK(c.get("/").status == 200);
}

TEST_CASE("background work of both kinds runs beside requests, and is waited for") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    std::atomic<int> done{0};
    sample_app app(kind, [&done](async_exchange ex) -> task<> {
      in_background(ex, [&done]() -> task<> {
        co_await sleep_for(std::chrono::hours(1));
        ++done;
      });
      in_background(ex, [&done] { ++done; });
      in_background(ex, [] { throw std::runtime_error("the letter is lost"); });
      co_await ex.respond(200, "text/plain", "");
    });
    client c(app, {.time = time_flow::skipped});
    c.get("/");
    c.wait_for_background();
    CHECK(done == 2);
    REQUIRE(c.log().size() == 1);
    CHECK(c.log()[0].text == "background work threw the letter is lost");
    c.get("/");
    c.close();
    CHECK(done == 3);                     // the one that sleeps for longer than the grace time was stopped
  }
}
}
