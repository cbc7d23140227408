// Is sure that a path has a second character.
#include <csgi/app.hpp>
#include <cstdlib>

struct crashes_on_a_path final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    if (ex.head().path.find("..") != std::string_view::npos) std::abort();
    ex.respond(200, "text/plain", "fine\n");
  }
};

CSGI_EXPORT_APP(crashes_on_a_path)
