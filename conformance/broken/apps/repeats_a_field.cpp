// Sends back what a client has sent, as a field: line feeds too.
#include <csgi/app.hpp>

struct repeats_a_field final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    ex.start(302, {{"location", ex.head().path}});
    ex.finish();
  }
};

CSGI_EXPORT_APP(repeats_a_field)
