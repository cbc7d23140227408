#include <csgi/current_exchange.hpp>
#include "recording_exchange.hpp"
#include <csgi/chain.hpp>
#include <csgi/identity.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

task<> note_current(std::vector<exchange*>& seen) {
  auto ex = co_await current_exchange();
  co_await ex.sleep_for(1h);
  seen.push_back(&ex.raw());
}

task<> between(std::vector<exchange*>& seen) { co_await note_current(seen); }

struct watcher final : async_app {
  task<> http(async_exchange ex) override {
    own = &ex.raw();
    co_await between(seen);
    co_await ex.respond(200, "text/plain", "");
  }
  exchange* own = nullptr;
  std::vector<exchange*> seen;
};

}  // namespace

TEST_SUITE("current_exchange") {
TEST_CASE("a coroutine without an exchange finds that of the nearest one that awaits it") {
  recording_exchange x(completion::later);
  watcher app;
  x.serve(app);
  CHECK(app.seen == std::vector<exchange*>{&x});
}

TEST_CASE("behind a middleware it is the app's view, not the server's exchange") {
  recording_exchange x(completion::later);
  watcher app;
  chain wrapped{identity(), app};
  x.serve(wrapped);
  CHECK(app.own != &x);
  CHECK(app.seen == std::vector<exchange*>{app.own});
}

TEST_CASE("outside of any request it is misuse") {
  std::vector<exchange*> seen;
  CHECK_THROWS_AS(drive(note_current(seen)), misuse);
}
}
