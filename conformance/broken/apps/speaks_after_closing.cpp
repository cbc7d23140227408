// Closes its WebSocket, and then says goodbye.
#include <csgi/app.hpp>
#include <csgi/blocking_websocket.hpp>

struct speaks_after_closing final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    const csgi::blocking_websocket socket(ex);
    if (!socket) return csgi::want_websocket(ex);
    socket.accept();
    socket.close();
    try {
      socket.send("Goodbye!");
    } catch (const csgi::disconnected&) {     // takes it for a client that has gone
    }
  }
};

CSGI_EXPORT_APP(speaks_after_closing)
