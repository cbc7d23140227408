// Takes memory of the exchange for something that outlives it.
#include <csgi/app.hpp>

struct forgets_a_coroutine final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    static_cast<void>(ex.raw().memory().allocate(64));
    co_await ex.respond(200, "text/plain", "gone\n");
  }
};

CSGI_EXPORT_APP(forgets_a_coroutine)
