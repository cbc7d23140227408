// Upgrades, and looks at what came before when more has come.
#include <csgi/app.hpp>
#include <csgi/serving/upgrade_offer.hpp>
#include <csgi/upgrade.hpp>

struct keeps_bytes_of_a_stream final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    const bool offered = ex.find<csgi::upgrade>() && !csgi::offered_protocol(ex.head(), "echo/1").empty();
    if (!offered) co_return co_await ex.respond(426, "text/plain", "This speaks echo/1.\n");
    co_await csgi::switch_protocols(ex, "echo/1");
    std::string_view before;
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) {
      const std::string both = std::string(before) + std::string(chunk);
      before = chunk;
      co_await ex.write(both, csgi::ending::flush);
    }
    co_await ex.finish();
  }
};

CSGI_EXPORT_APP(keeps_bytes_of_a_stream)
