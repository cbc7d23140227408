// Tells the time for ever, also to a server that wants to stop.
#include <csgi/app.hpp>

struct ignores_draining final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    ex.start(200);
    if (ex.head().method != "BREW") co_await ex.finish("later\n");
    while (ex.head().method == "BREW") {
      co_await ex.write("tick\n");
      co_await ex.sleep_for(std::chrono::milliseconds(1));
    }
  }
};

CSGI_EXPORT_APP(ignores_draining)
