// Takes chunks for messages.
#include <csgi/app.hpp>

struct counts_chunks final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    int chunks = 0;
    while (!ex.read().empty()) ++chunks;
    ex.respond(200, "text/plain", std::to_string(chunks) + " messages\n");
  }
};

CSGI_EXPORT_APP(counts_chunks)
