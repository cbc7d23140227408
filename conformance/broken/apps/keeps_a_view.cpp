// Remembers where the last request went, by a view.
#include <csgi/app.hpp>

struct keeps_a_view final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    const std::string previous(last);
    last = ex.head().target;
    co_await ex.respond(200, "text/plain", "before you: " + previous + '\n');
  }
  std::string_view last;
};

CSGI_EXPORT_APP(keeps_a_view)
