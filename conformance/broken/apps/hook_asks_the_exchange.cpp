// Asks the exchange how it went, when that is over.
#include <csgi/app.hpp>
#include <csgi/finish_hooks.hpp>

struct hook_asks_the_exchange final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    ex.on_finish([ex](const csgi::outcome&) noexcept { static_cast<void>(ex.phase()); });
    ex.respond(200, "text/plain", "asked\n");
  }
};

CSGI_EXPORT_APP(hook_asks_the_exchange)
