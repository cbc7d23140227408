// Takes for an offer what the request says, though not every server makes one of it.
#include <csgi/app.hpp>
#include <csgi/serving/upgrade_offer.hpp>
#include <csgi/upgrade.hpp>

struct upgrades_by_the_field final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    if (csgi::offered_protocol(ex.head(), "echo/1").empty()) return ex.respond(426, "text/plain", "This speaks echo/1.\n");
    csgi::upgrade_op op;
    op.protocol = "echo/1";
    ex.find<csgi::upgrade>()->begin_upgrade(op);
    if (op.error) throw std::system_error(op.error);
    for (auto chunk = ex.read(); !chunk.empty(); chunk = ex.read()) ex.write(chunk, csgi::ending::flush);
    ex.finish();
  }
};

CSGI_EXPORT_APP(upgrades_by_the_field)
