#include "sample_app.hpp"
#include <csgi/when_any.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client;
using testing::request_body;
using testing::time_flow;

namespace {

constexpr app_kind kinds[] = {app_kind::blocking, app_kind::async};

task<> echo(async_exchange ex) {
  ex.start(200);
  co_await ex.flush();
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
  co_await ex.finish();
}

}  // namespace

TEST_SUITE("testing conversation") {
TEST_CASE("both bodies flow at the same time") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, echo);
    client c(app);
    auto live = c.begin("POST", "/", {.body = request_body::by_hand()});
    CHECK(live.head().status == 200);
    live.send("ping");
    CHECK(live.read() == "ping");
    live.send("pong");
    CHECK(live.read() == "pong");
    CHECK(!live.ended());
    live.end_body();
    CHECK(live.read().empty());
    CHECK(live.finish().whole());
    CHECK(live.outcome().body_bytes == 8);
  }
}

TEST_CASE("an app that writes more than the window waits until it is read") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    std::atomic<int> written{0};
    sample_app app(kind, [&written](async_exchange ex) -> task<> {
      ex.start(200);
      for (; written < 10; ++written) co_await ex.write("0123456789");
      co_await ex.finish();
    });
    testing::client_behaviour narrow;
    narrow.window = 10;
    client c(app, {.time = time_flow::skipped, .behaviour = narrow});
    auto live = c.begin("GET", "/");
    live.head();
    CHECK(written <= 2);
    std::string all;
    for (auto part = live.read(); !part.empty(); part = live.read()) {
      all += part;
      CHECK(written * 10 <= static_cast<int>(all.size()) + 20);
    }
    CHECK(all.size() == 100);
  }
}

TEST_CASE("an app learns that the client has gone") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    std::atomic<bool> left{false};
    sample_app app(kind, [&left](async_exchange ex) -> task<> {
      ex.start(200);
      try {
        for (;;) {
          co_await ex.write("tick", ending::flush);
          co_await ex.sleep_for(std::chrono::seconds(1));
        }
      } catch (const disconnected&) {
        left = true;
        throw;
      }
    });
    client c(app, {.time = time_flow::skipped});
    auto live = c.begin("GET", "/");
    CHECK(live.read() == "tick");
    live.disconnect();
    CHECK(live.outcome().aborted == std::errc::connection_reset);
    CHECK(left);
    CHECK_THROWS_AS(live.finish(), testing::broken_response);
  }
}

TEST_CASE("gone() ends for a coroutine when the client leaves, and a read beside it loses nothing") {
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    try {
      auto gone = ex.gone();
      co_await std::move(gone);
    } catch (const disconnected&) {
    }
    const auto chunk = co_await ex.read();
    co_await ex.respond(200, "text/plain", chunk);
  });
  client c(app);
  auto live = c.begin("POST", "/", {.body = request_body::by_hand()});
  live.exchange().give("unread");
  live.close_sending();
  CHECK(live.finish().body == "unread");
}

TEST_CASE("a stop ends the app as a stopping server does") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, [](async_exchange ex) -> task<> {
      ex.start(200);
      if (ex.head().path == "/late") co_await ex.flush();
      co_await ex.sleep_for(std::chrono::hours(1));
      co_await ex.finish();
    });
    client c(app);
    auto live = c.begin("GET", "/");
    while (c.loop().waits().empty()) c.loop().turn();
    live.stop();
    CHECK(live.finish().status == 503);
    auto late = c.begin("GET", "/late");
    CHECK(late.head().status == 200);
    late.stop();
    CHECK(late.outcome().aborted == std::errc::operation_canceled);
  }
}

TEST_CASE("a conversation that is dropped leaves no app behind") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    std::atomic<bool> ended{false};
    sample_app app(kind, [&ended](async_exchange ex) -> task<> {
      ex.on_finish([&ended](const outcome&) { ended = true; });
      co_await ex.read();
    });
    client c(app);
    {
      auto live = c.begin("POST", "/", {.body = request_body::by_hand()});
      while (!live.exchange().wants_body()) c.loop().turn();
    }
    CHECK(ended);
  }
}

TEST_CASE("several at a time wait for each other's doing") {
  std::mutex mutex;
  std::condition_variable wake;
  int arrived = 0;
  sample_app app(app_kind::blocking, [&](async_exchange ex) -> task<> {
    {
      std::unique_lock lock(mutex);
      ++arrived;
      wake.notify_all();
      wake.wait(lock, [&] { return arrived == 3; });
    }
    co_await ex.respond(200, "text/plain", "together");
  });
  client c(app);
  auto one = c.begin("GET", "/"), two = c.begin("GET", "/"), three = c.begin("GET", "/");
  CHECK(one.finish().body == "together");
  CHECK(two.finish().body == "together");
  CHECK(three.finish().body == "together");
}
}
