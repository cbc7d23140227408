// Waits for what nobody will ever do, whoever leaves or stops it.
#include <condition_variable>
#include <csgi/app.hpp>

struct waits_for_nothing final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    if (ex.head().method == "BREW") {
      std::unique_lock lock(mutex);
      brewed.wait(lock, [] { return false; });
    }
    ex.respond(200, "text/plain", "tea\n");
  }
  std::mutex mutex;
  std::condition_variable brewed;
};

CSGI_EXPORT_APP(waits_for_nothing)
