// Is the same app, however often it is made.
#include <csgi/app.hpp>

struct made_once final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override { ex.respond(200, "text/plain", "the one\n"); }
};

extern "C" __attribute__((visibility("default"))) const csgi::plugin_manifest* csgi_plugin() {
  static made_once one;
  static const csgi::plugin_manifest manifest = {csgi::interface_major,
                                                 csgi::interface_minor,
                                                 csgi::toolchain,
                                                 "made_once",
                                                 csgi::app_kind::blocking,
                                                 [](csgi::arguments) -> csgi::application { return one; },
                                                 [](csgi::application) noexcept {}};
  return &manifest;
}
