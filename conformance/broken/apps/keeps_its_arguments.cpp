// Keeps views of its arguments.
#include <csgi/app.hpp>

struct keeps_its_arguments final : csgi::blocking_app {
  explicit keeps_its_arguments(csgi::arguments given) : greeting(given.empty() ? std::string_view() : given.front()) {}
  void http(csgi::blocking_exchange ex) override { ex.respond(200, "text/plain", std::string(greeting)); }
  std::string_view greeting;
};

CSGI_EXPORT_APP(keeps_its_arguments)
