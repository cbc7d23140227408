// Tries again and again, for ever.
#include <csgi/app.hpp>

struct spins_on_disconnect final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    ex.start(200);
    for (;;) {
      try {
        ex.write("here you are\n");
        return ex.finish();
      } catch (const csgi::disconnected&) {  // it has to arrive
      }
    }
  }
};

CSGI_EXPORT_APP(spins_on_disconnect)
