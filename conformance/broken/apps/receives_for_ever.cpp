// Does not look whether its conversation is over.
#include <csgi/app.hpp>
#include <csgi/async_websocket.hpp>

struct receives_for_ever final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    const csgi::async_websocket socket(ex);
    if (!socket) co_return co_await csgi::want_websocket(ex);
    co_await socket.accept();
    for (;;) {
      try {
        const auto got = co_await socket.receive();
        if (got) co_await socket.send(got);
      } catch (const csgi::misuse&) {         // takes it for the end that it has overlooked
        co_return;
      }
    }
  }
};

CSGI_EXPORT_APP(receives_for_ever)
