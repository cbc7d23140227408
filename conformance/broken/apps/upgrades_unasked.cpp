// Upgrades to its own protocol, whichever the client offers.
#include <csgi/app.hpp>
#include <csgi/upgrade.hpp>

struct upgrades_unasked final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    try {
      if (ex.find<csgi::upgrade>()) csgi::switch_protocols(ex, "chess/1");
    } catch (const csgi::misuse&) {   // whoever plays something else
    }
    if (ex.phase() == csgi::phase::open) ex.start(200);
    ex.finish("e4\n");
  }
};

CSGI_EXPORT_APP(upgrades_unasked)
