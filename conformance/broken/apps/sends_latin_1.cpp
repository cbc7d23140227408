// Greets with a text that is not UTF-8.
#include <csgi/app.hpp>
#include <csgi/blocking_websocket.hpp>

struct sends_latin_1 final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    const csgi::blocking_websocket socket(ex);
    if (!socket) return csgi::want_websocket(ex);
    socket.accept();
    socket.send("Gr\xfc\xdf Gott");
    socket.close();
  }
};

CSGI_EXPORT_APP(sends_latin_1)
