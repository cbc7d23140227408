// Blocks the executor's thread.
#include <csgi/app.hpp>
#include <thread>

struct sleeps final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    if (ex.head().method == "BREW") std::this_thread::sleep_for(std::chrono::milliseconds(150));
    co_await ex.respond(200, "text/plain", "awake\n");
  }
};

CSGI_EXPORT_APP(sleeps)
