#include <csgi/as_blocking.hpp>
#include <csgi/chain.hpp>
#include <csgi/storage.hpp>
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client;

namespace {

struct visitor {
  static constexpr extension_id id{"example.org/visitor", touches::nothing};
  std::string name;
};

struct counted {
  static constexpr extension_id id{"example.org/counted", touches::nothing};
  std::shared_ptr<int> alive;
};

/// A middleware that knows who asks.
struct knowing {
  std::shared_ptr<int> alive = std::make_shared<int>();
  task<> operator()(async_exchange ex, next_app app) const {
    store(ex, visitor{"nobody"});
    auto& who = store(ex, visitor{"Ada"});
    who.name += "!";
    store(ex, counted{alive});
    co_await app(ex);
  }
};

struct async_greeting final : async_app {
  task<> http(async_exchange ex) override {
    const auto* const who = stored<visitor>(ex);
    const auto name = who ? std::string_view(who->name) : "unknown";   // g++ 12 evaluates both sides of a ? in a co_await
    co_await ex.respond(200, "text/plain", name);
  }
};

struct blocking_greeting final : blocking_app {
  void http(blocking_exchange ex) override {
    const auto* const who = stored<visitor>(ex);
    ex.respond(200, "text/plain", who ? std::string_view(who->name) : "unknown");
  }
};

}  // namespace

TEST_SUITE("storage") {
TEST_CASE("what a middleware stores, the app inside finds by its type, in both kinds; it ends with the request") {
  async_greeting async;
  blocking_greeting blocking;
  for (const application app : {application(async), application(blocking)}) {
    CAPTURE(to_string(app.kind()));
    const knowing middleware;
    chain inner{middleware, app};
    chain outer{storing{}, inner};
    chain outermost{storing{}, outer};      // the one around counts
    client c(outermost);
    CHECK(c.get("/").body == "Ada!");
    CHECK(middleware.alive.use_count() == 2);         // its own, and the middleware's in the chain
  }
}

TEST_CASE("a coroutine behind a bridge finds what was stored before it") {
  async_greeting app;
  as_blocking bridged(app);
  chain inner{knowing{}, bridged};
  chain outer{storing{}, inner};
  client c(outer);
  CHECK(c.get("/").body == "Ada!");
}

TEST_CASE("without a storage there is nothing to find, and storing says so") {
  async_greeting app;
  client c(app);
  CHECK(c.get("/").body == "unknown");
  chain alone{knowing{}, app};
  client d(alone);
  CHECK_THROWS_AS(d.get("/"), error);
}
}
