// A plug-in for csgi_bench: handlers that take their time, as plain functions.
#include "waiting.hpp"
#include <csgi/app.hpp>
#include <thread>

struct waiting final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    if (const auto time = time_for(ex.head().path); time.count() > 0) std::this_thread::sleep_for(time);
    ex.respond(200, "text/plain", "Hello\n");
  }
};

CSGI_EXPORT_APP(waiting)
