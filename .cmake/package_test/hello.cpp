#include <csgi/app.hpp>

struct hello final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override { co_await ex.respond(200, "text/plain", "Hello\n"); }
};

CSGI_EXPORT_APP(hello)
