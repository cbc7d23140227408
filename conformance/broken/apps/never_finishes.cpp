// Ends without a finished response.
#include <csgi/app.hpp>

struct never_finishes final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    ex.start(200, {{"content-type", "text/plain"}});
    ex.write("to be continued");
  }
};

CSGI_EXPORT_APP(never_finishes)
