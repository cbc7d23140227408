// Uses an exchange in the next request.
#include <csgi/app.hpp>
#include <optional>

struct uses_the_exchange_later final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    if (last && last->phase() == csgi::phase::open) last->start(503);
    last = ex;
    co_await ex.respond(200, "text/plain", "me\n");
  }
  std::optional<csgi::async_exchange> last;
};

CSGI_EXPORT_APP(uses_the_exchange_later)
