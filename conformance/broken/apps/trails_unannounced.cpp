// Sets a trailer that it has not announced, and does not look whether it is taken.
#include <csgi/app.hpp>
#include <csgi/trailers.hpp>

struct trails_unannounced final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    ex.start(200);
    ex.write("a page\n");
    const csgi::field sum[] = {{"x-checksum", "7"}};
    if (auto* const trailers = ex.find<csgi::response_trailers>()) static_cast<void>(trailers->set(sum));     // refused, which it does not look at
    ex.finish();
  }
};

CSGI_EXPORT_APP(trails_unannounced)
