// Speaks WebSocket, and says nothing to anybody else.
#include <csgi/app.hpp>
#include <csgi/async_websocket.hpp>

struct silent_without_websocket final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    const csgi::async_websocket socket(ex);
    if (!socket) co_return;
    co_await socket.accept();
    for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) co_await socket.send(got);
  }
};

CSGI_EXPORT_APP(silent_without_websocket)
