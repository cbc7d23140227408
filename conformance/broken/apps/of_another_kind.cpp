// Says that it is async, and gives a blocking app.
#include <csgi/app.hpp>

struct of_another_kind final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override { ex.respond(200, "text/plain", "blocking\n"); }
};

extern "C" __attribute__((visibility("default"))) const csgi::plugin_manifest* csgi_plugin() {
  static constexpr csgi::plugin_manifest manifest = {csgi::interface_major,
                                                     csgi::interface_minor,
                                                     csgi::toolchain,
                                                     "of_another_kind",
                                                     csgi::app_kind::async,
                                                     csgi::create_app<of_another_kind>,
                                                     csgi::destroy_app<of_another_kind>};
  return &manifest;
}
