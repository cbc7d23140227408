// Goes on when its response is finished.
#include <csgi/app.hpp>

struct finishes_twice final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    ex.start(200);
    co_await ex.finish("done\n");
    try {
      co_await ex.finish("really done\n");
    } catch (const csgi::error&) {  // nobody will know
    }
  }
};

CSGI_EXPORT_APP(finishes_twice)
