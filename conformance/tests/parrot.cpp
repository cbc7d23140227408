// Repeats what it is told on a WebSocket: on /careful as it should, on /careless it looks at the message before too late.
#include <csgi/app.hpp>
#include <csgi/async_websocket.hpp>

struct parrot final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    const bool careless = ex.head().path == "/careless";
    csgi::async_websocket socket(ex);
    if (!socket) co_return co_await csgi::want_websocket(ex);
    co_await socket.accept();
    std::string_view before;
    for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) {
      const std::string twice = std::string(careless ? before : "") + std::string(got.data);
      before = got.data;
      co_await socket.send(twice);
    }
  }
};

CSGI_EXPORT_APP(parrot)
