// A sound app whose answer is longer than the suite takes for a comparison.
#include <csgi/app.hpp>

struct long_answer final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override { ex.respond(200, "text/plain", text); }
  const std::string text = std::string(20'000'000, '.');
};

CSGI_EXPORT_APP(long_answer)
