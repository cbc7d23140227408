#include "sample_app.hpp"
#include <csgi/background.hpp>
#include <csgi/run.hpp>
#include <csgi/sleep.hpp>
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
