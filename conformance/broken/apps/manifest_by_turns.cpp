// Has two manifests, and gives whichever is next.
#include <csgi/app.hpp>

struct manifest_by_turns final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override { ex.respond(200, "text/plain", "one of two\n"); }
};

extern "C" __attribute__((visibility("default"))) const csgi::plugin_manifest* csgi_plugin() {
  static const csgi::plugin_manifest manifests[] = {csgi::manifest_of<manifest_by_turns>("one"), csgi::manifest_of<manifest_by_turns>("two")};
  static unsigned turn = 0;
  return &manifests[turn++ % 2];
}
