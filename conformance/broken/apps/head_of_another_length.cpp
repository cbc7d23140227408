// Declares for HEAD what it does not write for GET.
#include <csgi/app.hpp>

struct head_of_another_length final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    if (ex.head().method == "HEAD") {
      ex.start(200, {{"content-length", "0"}});
      ex.finish();
    } else {
      ex.respond(200, "text/plain", "not empty\n");
    }
  }
};

CSGI_EXPORT_APP(head_of_another_length)
