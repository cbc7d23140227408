// Refuses arguments with what nobody can read.
#include <csgi/app.hpp>

struct throws_a_number final : csgi::blocking_app {
  explicit throws_a_number(csgi::arguments given) {
    if (!given.empty()) throw 42;
  }
  void http(csgi::blocking_exchange ex) override { ex.respond(200, "text/plain", "fine\n"); }
};

CSGI_EXPORT_APP(throws_a_number)
