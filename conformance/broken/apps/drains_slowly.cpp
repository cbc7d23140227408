// Takes its time when it is told that the server stops.
#include <csgi/app.hpp>
#include <thread>

struct drains_slowly final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override { ex.respond(200, "text/plain", "fine\n"); }
  void draining() noexcept override { std::this_thread::sleep_for(std::chrono::milliseconds(300)); }
};

CSGI_EXPORT_APP(drains_slowly)
