// Takes an extension for granted.
#include <csgi/app.hpp>
#include <csgi/log_sink.hpp>

struct crashes_without_log final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    ex.find<csgi::log_sink>()->log(csgi::log_level::info, "a request");
    ex.respond(200, "text/plain", "logged\n");
  }
};

CSGI_EXPORT_APP(crashes_without_log)
