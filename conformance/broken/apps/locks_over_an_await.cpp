// Holds a lock while it waits for its client: whoever comes next on this thread waits for ever. No two answers are the same.
#include <csgi/app.hpp>
#include <mutex>

struct locks_over_an_await final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    const std::lock_guard lock(mutex);
    const std::string text = "visitor " + std::to_string(++visitors) + std::string(5000, '.') + "\n";
    co_await ex.respond(200, "text/plain", text);
  }

  std::mutex mutex;
  unsigned visitors = 0;
};

CSGI_EXPORT_APP(locks_over_an_await)
