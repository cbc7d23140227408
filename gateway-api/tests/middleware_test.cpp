#include <csgi/middleware.hpp>
#include "recording_exchange.hpp"
#include <csgi/chain.hpp>
#include <csgi/forwarding_exchange.hpp>
#include <csgi/header_list.hpp>
#include <csgi/identity.hpp>
#include <doctest/doctest.h>

using namespace csgi;

namespace {

struct not_found : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The same app in both kinds: says what it was sent.
struct async_mirror final : async_app {
  task<> http(async_exchange ex) override {
    if (ex.head().path == "/missing") throw not_found("nothing there");
    ex.start(200, {{"x-kind", "async"}});
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
    co_await ex.finish();
  }
};

struct blocking_mirror final : blocking_app {
  void http(blocking_exchange ex) override {
    if (ex.head().path == "/missing") throw not_found("nothing there");
    ex.start(200, {{"x-kind", "blocking"}});
    for (auto chunk = ex.read(); !chunk.empty(); chunk = ex.read()) ex.write(chunk);
    ex.finish();
  }
};

struct by_path final : composite_app {
  application choose(const request& head) noexcept override {
    if (head.path == "/async") return async;
    return blocking;
  }
  async_mirror async;
  blocking_mirror blocking;
};

struct not_found_page {
  task<> operator()(async_exchange ex, next_app app) const {
    bool missing = false;
    try {
      co_await app(ex);
    } catch (const not_found&) {
      if (ex.committed()) throw;
      missing = true;
    }
    if (missing) co_await ex.respond(404, "text/plain", "not here\n");
  }
};

struct gate {
  task<> operator()(async_exchange ex, next_app app) const {
    if (ex.head().field("authorization")) co_await app(ex);
    else co_await ex.respond(401, "text/plain", "who are you?\n");
  }
};

// Adds a field to every response head that passes.
class stamped final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  std::error_code start(const response_head& head) noexcept override {
    header_list fields(head.fields);
    fields.set("x-stamp", "seen");
    response_head changed = head;
    changed.fields = fields.fields();
    return next().start(changed);
  }
};

struct stamp {
  task<> operator()(async_exchange ex, next_app app) const {
    stamped view(ex.raw());
    co_await app(async_exchange(view));
  }
};

// Shows the app another path than was asked for.
class renamed final : public forwarding_exchange {
 public:
  renamed(exchange& next, std::string_view path) : forwarding_exchange(next), head_(next.head()) { head_.path = path; }
  const request& head() const noexcept override { return head_; }

 private:
  request head_;
};

struct lead_elsewhere {
  task<> operator()(async_exchange ex, next_app app) const {
    renamed view(ex.raw(), "/async");
    co_await app(async_exchange(view));
  }
};

const scripted_request upload{.method = "POST", .target = "/", .chunks = {"ab", "cde"}};

template <class Middleware>
recorded_response through(Middleware middleware, application app, completion how, scripted_request script) {
  recording_exchange x(how, std::move(script));
  chain wrapped{std::move(middleware), app};
  x.serve(wrapped);
  CHECK(x.frames().held == 0);
  return x.response();
}

}  // namespace

TEST_SUITE("middleware") {
TEST_CASE("the identity changes nothing, for either kind") {
  async_mirror async;
  blocking_mirror blocking;
  for (const auto& [app, how] : {std::pair(application(async), completion::later), std::pair(application(blocking), completion::inside)}) {
    recording_exchange bare(how, upload);
    bare.serve(app);
    const auto wrapped = through(identity(), app, how, upload);
    CHECK(wrapped.status == bare.response().status);
    CHECK(wrapped.fields == bare.response().fields);
    CHECK(wrapped.body == "abcde");
    CHECK(wrapped.trace == bare.response().trace);
  }
}

TEST_CASE("a middleware stacks on a middleware") {
  blocking_mirror app;
  chain inner{identity(), app};
  chain outer{stamp(), inner};
  const auto response = through(identity(), outer, completion::inside, upload);
  CHECK(response.field("x-stamp") == "seen");
  CHECK(response.field("x-kind") == "blocking");
}

TEST_CASE("a middleware can answer by itself, for either kind") {
  async_mirror async;
  blocking_mirror blocking;
  CHECK(through(gate(), async, completion::later, upload).status == 401);
  CHECK(through(gate(), blocking, completion::inside, upload).status == 401);
  auto known = upload;
  known.fields = {{"Authorization", "x"}};
  CHECK(through(gate(), async, completion::later, known).body == "abcde");
  CHECK(through(gate(), blocking, completion::inside, known).body == "abcde");
}

TEST_CASE("a middleware can make a response of an exception, for either kind") {
  async_mirror async;
  blocking_mirror blocking;
  const scripted_request missing{.target = "/missing"};
  CHECK(through(not_found_page(), async, completion::later, missing).status == 404);
  CHECK(through(not_found_page(), blocking, completion::inside, missing).status == 404);
  CHECK_THROWS_AS(through(identity(), async, completion::later, missing), not_found);
  CHECK_THROWS_AS(through(identity(), blocking, completion::inside, missing), not_found);
}

TEST_CASE("around a composite it takes the kind of the app that answers the request") {
  by_path composite;
  chain wrapped{stamp(), composite};
  const application app(wrapped);
  CHECK(app.kind() == app_kind::composite);
  recording_exchange async(completion::later, {.target = "/async"});
  CHECK(app.resolve(async.head()).kind() == app_kind::async);
  async.serve(app);
  CHECK(async.response().field("x-kind") == "async");
  CHECK(async.response().field("x-stamp") == "seen");
  recording_exchange blocking(completion::inside, {.target = "/else"});
  CHECK(app.resolve(blocking.head()).kind() == app_kind::blocking);
  blocking.serve(app);
  CHECK(blocking.response().field("x-kind") == "blocking");
}

TEST_CASE("a changed head that leads to an app of the other kind is misuse") {
  by_path composite;
  CHECK_THROWS_AS(through(lead_elsewhere(), composite, completion::inside, {.target = "/blocking"}), misuse);
  CHECK(through(lead_elsewhere(), composite, completion::later, {.target = "/async"}).status == 200);
}

TEST_CASE("every operation failing in turn ends the app, and all frames go back") {
  async_mirror async;
  blocking_mirror blocking;
  for (const auto& [app, how] : {std::pair(application(async), completion::later), std::pair(application(blocking), completion::inside)}) {
    std::size_t k = 1;
    for (bool failed = true; failed; ++k) {
      recording_exchange x(how, upload);
      x.fails_at = k;
      chain wrapped{identity(), app};
      try {
        x.serve(wrapped);
      } catch (const disconnected&) {
      }
      failed = x.failed();
      CHECK((x.phase() == phase::finished) != failed);
      CHECK(x.frames().held == 0);
    }
    CHECK(k == 8);  // three reads, two writes and the finish can fail
  }
}
}
