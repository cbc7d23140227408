#include <cstdlib>
#include <csgi/app.hpp>
#include <csgi/async_event_stream.hpp>
#include <csgi/async_websocket.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/mount_table.hpp>
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>

// What the README shows of conversations and streams.

using namespace std::chrono_literals;

namespace {

struct clock_app final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override { return clock(ex); }

  static csgi::task<> clock(csgi::async_exchange ex) {
    const csgi::async_websocket socket(ex);
    if (!socket) co_return co_await csgi::want_websocket(ex);
    co_await socket.accept();
    for (auto next = csgi::clock::now() + 1s;;) {
      auto either = csgi::when_any(csgi::sleep_until(next), socket.receive());
      const auto first = co_await std::move(either);
      if (first.index() == 0) {
        co_await socket.send("tick");
        next += 1s;
      } else if (const auto& got = std::get<1>(first)) {
        co_await socket.send(got);
      } else {
        break;
      }
    }
  }
};

struct chat_app final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override { return chat(ex); }

  static csgi::task<> chat(csgi::async_exchange ex) {
    const csgi::async_websocket socket(ex);
    if (!socket) co_return co_await csgi::want_websocket(ex);
    co_await socket.accept(socket.offers("chat.v1") ? "chat.v1" : "");
    for (;;) {
      auto either = csgi::when_any(csgi::server_drains(ex), socket.receive());
      const auto first = co_await std::move(either);
      if (first.index() == 0) co_return co_await socket.close(1012, "back in a minute");
      const auto& got = std::get<1>(first);
      if (!got) co_return;
      co_await socket.send(got);
    }
  }
};

struct hello_blocking final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    ex.start(200, {{"content-type", "text/plain"}});
    ex.finish("Hello\n");
  }
};

struct hello_async final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    ex.start(200, {{"content-type", "text/plain"}});
    co_await ex.finish("Hello\n");
  }
};

struct site final : csgi::composite_app {
  hello_blocking front;
  hello_async api;
  csgi::mount_table table{front};

  site() { table.mount("/api", api); }
  csgi::application choose(const csgi::request& head) noexcept override { return table.choose(head); }
  std::span<const csgi::application> parts() const noexcept override { return table.parts(); }
};

struct counter final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    csgi::async_event_stream events(ex);
    co_await events.open();
    int n = std::atoi(std::string(csgi::last_event_id(ex.head()).value_or("0")).c_str());
    for (bool more = co_await events.sleep_for(1s); more; more = co_await events.sleep_for(1s)) {
      const auto number = std::to_string(++n);
      const csgi::stream_event event{.data = number, .id = number};
      co_await events.send(event);
    }
    co_await events.finish();
  }
};

const csgi::testing::client_options quick{.time = csgi::testing::time_flow::skipped};

}  // namespace

TEST_SUITE("the examples of the README") {
TEST_CASE("a conversation ticks, and answers what it hears") {
  clock_app app;
  csgi::testing::client c(app, quick);
  auto socket = c.websocket("/");
  CHECK(socket.receive() == "tick");
  CHECK(socket.receive() == "tick");
  socket.send("hi");
  auto heard = socket.receive();
  while (heard == "tick") heard = socket.receive();
  CHECK(heard == "hi");
  socket.close();
  CHECK(socket.end().code == 1000);
}

TEST_CASE("a conversation chooses a subprotocol, and says its own farewell at a stop") {
  chat_app app;
  csgi::testing::client c(app);
  auto socket = c.websocket("/", {.subprotocols = {"other", "chat.v1"}});
  CHECK(socket.subprotocol() == "chat.v1");
  socket.send("hi");
  CHECK(socket.receive() == "hi");
  socket.drain();
  CHECK(socket.end() == csgi::testing::websocket_farewell{1012, "back in a minute"});
  auto plain = c.websocket("/");
  CHECK(plain.subprotocol() == "");
  plain.close();
  CHECK(plain.end().code == 1000);
}

TEST_CASE("a site has apps of both kinds") {
  site app;
  csgi::testing::client c(app);
  CHECK(c.get("/").body == "Hello\n");
  CHECK(c.get("/api").body == "Hello\n");
}

TEST_CASE("a stream goes on where it was broken off") {
  counter app;
  csgi::testing::client c(app, quick);
  auto again = c.begin("GET", "/", {.fields = {{"last-event-id", "41"}}});
  std::string seen;
  while (seen.find("data: 43") == std::string::npos) seen += again.read();
  CHECK(seen.find("data: 42") != std::string::npos);
  CHECK(seen.find("data: 41") == std::string::npos);
}
}
