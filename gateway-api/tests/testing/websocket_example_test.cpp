#include <csgi/app.hpp>
#include <csgi/async_websocket.hpp>
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>

// How a stranger would test a chat.

namespace {

struct chat final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    csgi::async_websocket socket(ex);
    if (!socket) co_return co_await csgi::want_websocket(ex);
    if (ex.head().field("origin") != "https://chat.example") {
      co_await ex.respond(403, "text/plain", "not from there\n");
      co_return;
    }
    co_await socket.accept(socket.offers("chat") ? "chat" : "");
    co_await socket.send("welcome");
    for (auto said = co_await socket.receive(); said; said = co_await socket.receive()) {
      if (said.data == "/quit") co_return co_await leave(socket);
      co_await socket.send(said);
    }
  }

  static csgi::task<> leave(csgi::async_websocket socket) { co_await socket.close(4000, "as you wish"); }
};

}  // namespace

TEST_SUITE("the example of a WebSocket's test") {
TEST_CASE("what is said comes back until the client closes") {
  chat app;
  csgi::testing::client c(app);
  auto socket = c.websocket("/chat", {.subprotocols = {"chat"}, .fields = {{"origin", "https://chat.example"}}});
  REQUIRE(socket.accepted());
  CHECK(socket.subprotocol() == "chat");
  CHECK(socket.receive() == "welcome");
  socket.send("hi");
  CHECK(socket.receive() == "hi");
  socket.close(1000, "bye");
  CHECK(socket.end().code == 1000);
}

TEST_CASE("who wants to leave is let go") {
  chat app;
  csgi::testing::client c(app, {.fields = {{"origin", "https://chat.example"}}});
  auto socket = c.websocket("/chat");
  CHECK(socket.receive() == "welcome");
  socket.send("/quit");
  CHECK(socket.end() == csgi::testing::websocket_farewell{4000, "as you wish"});
}

TEST_CASE("strangers are declined, and plain requests told what is wanted") {
  chat app;
  csgi::testing::client c(app);
  auto socket = c.websocket("/chat", {.fields = {{"origin", "https://elsewhere.example"}}});
  CHECK(!socket.accepted());
  CHECK(socket.answer().status == 403);
  CHECK(socket.answer().body == "not from there\n");
  CHECK(c.get("/chat").status == 426);
}
}
