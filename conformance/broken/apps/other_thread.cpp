// Writes from a thread of its own.
#include <csgi/app.hpp>
#include <thread>

struct other_thread final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    std::exception_ptr failure;
    std::thread([&] {
      try {
        ex.respond(200, "text/plain", "from afar\n");
      } catch (...) {
        failure = std::current_exception();
      }
    }).join();
    if (failure) std::rethrow_exception(failure);
  }
};

CSGI_EXPORT_APP(other_thread)
