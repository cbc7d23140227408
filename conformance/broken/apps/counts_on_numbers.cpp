// Numbers its answers by what not every server tells.
#include <csgi/app.hpp>
#include <csgi/request_info.hpp>

struct counts_on_numbers final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    const bool known = ex.find<csgi::request_info>()->number() > 0;
    ex.respond(200, "text/plain", known ? "known\n" : "unknown\n");
  }
};

CSGI_EXPORT_APP(counts_on_numbers)
