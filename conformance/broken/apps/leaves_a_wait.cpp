// Ends while it waits for its client to leave.
#include <csgi/app.hpp>

struct leaves_a_wait final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    static csgi::operation gone;
    gone.done = [](csgi::operation&) noexcept {};
    ex.start(200);
    co_await ex.write("hello\n");
    ex.raw().begin_gone(gone);
  }
};

CSGI_EXPORT_APP(leaves_a_wait)
