#include <csgi/chain.hpp>
#include "recording_exchange.hpp"
#include <csgi/identity.hpp>
#include <csgi/mount_table.hpp>
#include <doctest/doctest.h>

// Chains without bridges; nothing of csgi::support is linked to them. Those with bridges: testing/mixed_chain_test.cpp.
using namespace csgi;

namespace {

/// Notes itself on the way in and on the way out, by the kind that it is run in.
class noted {
 public:
  noted(std::string& trace, std::string_view what) : trace_(&trace), what_(what) {}
  task<> operator()(async_exchange ex, next_app app) const {
    *trace_ += what_ + (app.kind() == app_kind::async ? " async, " : " blocking, ");
    co_await app(ex);
    *trace_ += what_ + " out, ";
  }

 private:
  std::string* trace_;
  std::string what_;
};

/// Of two functions, each for its kind.
struct of_two {
  task<> operator()(async_exchange ex, next_app app) const {
    *trace += "coroutine, ";
    co_await app(ex);
  }
  void operator()(blocking_exchange ex, next_app app) const {
    *trace += "function, ";
    app(ex);
  }
  std::string* trace;
};

struct async_hello final : async_app {
  task<> http(async_exchange ex) override { co_await ex.respond(200, "text/plain", "async"); }
};

struct blocking_hello final : blocking_app {
  blocking_hello() = default;
  explicit blocking_hello(arguments given) : text(given.front()) {}
  void http(blocking_exchange ex) override { ex.respond(200, "text/plain", text); }
  std::string text = "blocking";
};

task<> pass(async_exchange ex, next_app app) { co_await app(ex); }

recorded_response answer(application app, scripted_request script = {}) {
  const scripted_head head(script);
  const auto how = app.resolve(head.head()).kind() == app_kind::async ? completion::later : completion::inside;
  recording_exchange x(how, std::move(script));
  x.serve(app);
  CHECK(x.frames().held == 0);
  return x.response();
}

struct made_of_parts {
  async_hello async;
  blocking_hello blocking;
  mount_table table{blocking};
  made_of_parts() { table.mount("/async", async); }
};

/// What a chain tells of itself.
struct note_taker final : description {
  void mount(std::string_view, application) override {}
  void bridge(application) override {}
  void stages(std::span<const planned_stage> passed, app_kind answered_by, application) override {
    for (const auto& each : passed) text += std::string(each.name) + ' ' + std::string(to_string(each.planned)) + ", ";
    text += std::string("then ") + std::string(to_string(answered_by)) + "; ";
  }
  std::string text;
};

}  // namespace

TEST_SUITE("chain") {
TEST_CASE("a request passes the stages in the order in which they are written") {
  std::string trace;
  async_hello async;
  chain app{noted(trace, "one"), noted(trace, "two"), noted(trace, "three"), async};
  CHECK(answer(app).body == "async");
  CHECK(trace == "one async, two async, three async, three out, two out, one out, ");
}

TEST_CASE("stages for both kinds run in the kind of the app that answers") {
  std::string trace;
  made_of_parts site;
  chain app{noted(trace, "one"), noted(trace, "two"), site.table};
  CHECK(answer(app, {.target = "/async"}).body == "async");
  CHECK(trace == "one async, two async, two out, one out, ");
  trace.clear();
  CHECK(answer(app, {.target = "/"}).body == "blocking");
  CHECK(trace == "one blocking, two blocking, two out, one out, ");
}

TEST_CASE("of a stage with a coroutine and a function, each serves its kind") {
  std::string trace;
  made_of_parts site;
  chain app{of_two{&trace}, site.table};
  answer(app, {.target = "/async"});
  answer(app, {.target = "/"});
  CHECK(trace == "coroutine, function, ");
}

TEST_CASE("functions and lambdas are stages") {
  std::string trace;
  blocking_hello blocking;
  const auto lambda = [&trace](blocking_exchange ex, next_app next) {
    trace += "lambda, ";
    next(ex);
  };
  chain app{pass, &pass, lambda, named("logged", lambda), blocking};
  CHECK(answer(app).body == "blocking");
  CHECK(trace == "lambda, lambda, ");
}

TEST_CASE("as a type it owns its app, and what it is given is for the app") {
  using owning = chain<identity, identity, blocking_hello>;
  owning plain;
  CHECK(answer(plain).body == "blocking");
  static constexpr std::string_view words[] = {"given"};
  owning told{arguments(words)};
  CHECK(answer(told).body == "given");
  constexpr auto manifest = manifest_of<owning>("owning");
  const application made = manifest.create(arguments(words));
  CHECK(answer(made).body == "given");
  manifest.destroy(made);
}

TEST_CASE("an app that is known as `application` is one of either kind") {
  async_hello async;
  const application known = async;
  chain app{identity(), known};
  CHECK(answer(app).body == "async");
}

TEST_CASE("chains stand around chains") {
  std::string trace;
  async_hello async;
  chain inner{noted(trace, "inner"), async};
  chain app{noted(trace, "outer"), inner};
  CHECK(answer(app).body == "async");
  CHECK(trace == "outer async, inner async, inner out, outer out, ");
}

TEST_CASE("the app at the end is its part, and is found behind its stages") {
  async_hello async;
  chain inner{identity(), async};
  chain app{identity(), identity(), inner};
  REQUIRE(app.parts().size() == 1);
  CHECK(&app.parts()[0].composite() == &inner);
  const scripted_head head({});
  CHECK(&last_app(app, head.head()).async() == &async);
}

TEST_CASE("nothing is allocated for a request but a frame for each stage") {
  async_hello async;
  recording_exchange bare(completion::later, {});
  bare.serve(async);
  recording_exchange x(completion::later, {});
  chain app{identity(), identity(), identity(), async};
  x.serve(app);
  CHECK(x.frames().taken == bare.frames().taken + 3);
}

TEST_CASE("it tells its stages by their names, once for each kind of app") {
  std::string trace;
  made_of_parts site;
  chain app{named("one", noted(trace, "")), named("two", of_two{&trace}), site.table};
  note_taker notes;
  REQUIRE(described_by(app) != nullptr);
  described_by(app)->describe(notes);
  CHECK(notes.text == "one async, two async, then async; one blocking, two blocking, then blocking; ");
  note_taker of_one;
  chain{named("one", pass), site.async}.describe(of_one);
  CHECK(of_one.text == "one async, then async; ");
}

TEST_CASE("an async app is not called as a plain function") {
  async_hello async;
  bool refused = false;
  const auto confused = [&refused](async_exchange ex, next_app next) -> task<> {
    try {
      next(blocking_exchange(ex.raw()));
    } catch (const misuse&) {
      refused = true;
    }
    co_await next(ex);
  };
  chain app{confused, async};
  CHECK(answer(app).body == "async");
  CHECK(refused);
}
}
