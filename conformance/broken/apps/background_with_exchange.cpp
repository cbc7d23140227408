// Goes on with the exchange in the background.
#include <csgi/app.hpp>
#include <csgi/background.hpp>

struct background_with_exchange final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    csgi::in_background(ex, [ex] { return later(ex); });
    co_await ex.respond(200, "text/plain", "more later\n");
  }
  static csgi::task<> later(csgi::async_exchange ex) {
    static_cast<void>(ex.phase());
    co_return;
  }
};

CSGI_EXPORT_APP(background_with_exchange)
