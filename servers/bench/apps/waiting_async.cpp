// A plug-in for csgi_bench: handlers that take their time, as coroutines.
#include "waiting.hpp"
#include <csgi/app.hpp>
#include <csgi/sleep.hpp>

struct waiting final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    if (const auto time = time_for(ex.head().path); time.count() > 0) co_await csgi::sleep_for(time);
    co_await ex.respond(200, "text/plain", "Hello\n");
  }
};

CSGI_EXPORT_APP(waiting)
