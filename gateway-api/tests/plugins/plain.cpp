// A plug-in whose app takes no arguments.
#include <csgi/app.hpp>

namespace {

struct plain final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override { co_await ex.respond(200, "text/plain", "plain\n"); }
};

}  // namespace

CSGI_EXPORT_APP(plain)
