// Takes a view for a C string.
#include <csgi/app.hpp>
#include <cstring>

struct reads_past_a_view final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    const volatile auto length = std::strlen(ex.head().target.data());
    ex.respond(200, "text/plain", std::to_string(length) + '\n');
  }
};

CSGI_EXPORT_APP(reads_past_a_view)
