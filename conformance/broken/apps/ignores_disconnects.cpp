// Goes on writing to a client that has gone.
#include <csgi/app.hpp>

struct ignores_disconnects final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    ex.start(200);
    for (int i = 0; i < 200; ++i) {
      try {
        co_await ex.write("tick\n");
      } catch (const csgi::error&) {  // perhaps it comes back
      }
    }
    co_await ex.finish();
  }
};

CSGI_EXPORT_APP(ignores_disconnects)
