// Writes a body where there is none.
#include <csgi/app.hpp>

struct body_for_204 final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    ex.start(ex.head().method == "DELETE" ? 204 : 200);
    ex.finish("deleted\n");
  }
};

CSGI_EXPORT_APP(body_for_204)
