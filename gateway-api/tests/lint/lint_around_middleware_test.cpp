// Who is at fault, where several lints look.
#include "linted.hpp"
#include <doctest/doctest.h>

using namespace csgi;

namespace {

/// Hands on everything, and does what it should not.
struct careless {
  task<> operator()(async_exchange ex, next_app app) const {
    co_await app(ex);
    if (ex.phase() == phase::finished) ex.raw().start({500});
  }
};

struct forgetful {
  class view final : public forwarding_exchange {
   public:
    using forwarding_exchange::forwarding_exchange;
    begun begin_read(read_op& op) noexcept override {
      op.error = std::make_error_code(std::errc::address_in_use);
      return begun::completed;
    }
  };
  task<> operator()(async_exchange ex, next_app app) const {
    view inner(ex.raw());
    co_await app(async_exchange(inner));
  }
};

struct lints_around : reports {
  template <class Middleware, class Behaviour>
  lints_around(Middleware middleware, app_kind kind, Behaviour behaviour) {
    sample_app app(kind, behaviour);
    lint inner(app, settings("app"));
    chain between(std::move(middleware), inner);
    lint outer(between, settings("what is behind errors"));
    scene s;
    s.x.serve(outer);
  }
};

task<> silent(async_exchange) { co_return; }

}  // namespace

TEST_SUITE("lint: around a middleware") {
TEST_CASE("what only the outer lint sees is the middleware's") {
  for (const auto kind : both_kinds)
    CHECK(lints_around(careless(), kind, answer).text() ==
          "lint: CSGI-CORE-083 (middleware at what is behind errors): a start after the response was committed, in start()\n");
}

TEST_CASE("what only the inner lint sees of its server is the middleware's") {
  const auto reading = [](async_exchange ex) -> task<> {
    try {
      co_await ex.read();
    } catch (const error&) {  // which nobody expects
    }
    co_await answer(ex);
  };
  for (const auto kind : both_kinds)
    CHECK(lints_around(forgetful(), kind, reading).text() ==
          "lint: CSGI-CORE-037 (middleware at app): an error that is not among those of the operation, in begin_read()\n");
}

TEST_CASE("what both see is told once, by the one that is nearer") {
  struct transparent {
    task<> operator()(async_exchange ex, next_app app) const { return app(ex); }
  };
  for (const auto kind : both_kinds)
    CHECK(lints_around(transparent(), kind, silent).text() ==
          "lint: CSGI-HTTP-064 (app): done without having finished or aborted its response, in http()\n");
}

TEST_CASE("without another lint a middleware's fault is that of what is inside, or of the server") {
  sample_app app(app_kind::async, answer);
  chain inside{careless(), application(app)};
  reports told;
  lint checked(inside, told.settings("errors and the app"));
  scene s;
  s.x.serve(checked);
  CHECK(told.text() == "lint: CSGI-CORE-083 (errors and the app): a start after the response was committed, in start()\n");
}
}
