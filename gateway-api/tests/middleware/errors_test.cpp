#include <csgi/middleware/errors.hpp>
#include "around.hpp"
#include <csgi/identity.hpp>
#include <csgi/mount_table.hpp>

using namespace csgi;

namespace {

task<> failing(async_exchange ex) {
  const auto path = ex.head().path;
  ex.start(200, {{"x-old", "1"}});
  if (path.starts_with("/gone")) ex.abort(std::errc::connection_reset);
  if (path == "/gone") throw http_error(404, "no such page\n");
  if (path == "/gone-forged") throw http_error(403, "no\n", http_error::concern::security);
  if (path == "/missing") throw http_error(404, "no such page\n");
  if (path == "/method") throw http_error(405).with("allow", "GET");
  if (path == "/forged") throw http_error(403, "no\n", http_error::concern::security);
  if (path == "/garbled") throw http_error(400, "what?\n");
  if (path == "/later") throw http_error(503, "later\n").with("retry-after", "5");
  if (path == "/number") throw 42;
  if (path == "/long") throw too_large(std::make_error_code(std::errc::message_size), "write");
  if (path == "/silent") co_return;
  if (path == "/late") co_await ex.flush();
  if (path == "/read") {
    const std::string body = co_await ex.read_all(3);
    co_await ex.finish(body);
    co_return;
  }
  if (path == "/fine") {
    co_await ex.finish("fine");
    co_return;
  }
  throw std::runtime_error("<secret>");
}

task<> swallowing(async_exchange ex, int then) {
  try {
    co_await ex.read_all(1000);
  } catch (const malformed_body&) {
  }
  if (then == 1) throw std::runtime_error("garbage");
  if (then == 2) throw http_error(422);
}

struct shop final : async_app {
  task<> http(async_exchange ex) override {
    ex.start(200);
    co_return;
  }
};

recorded_response answer(const std::string& path, const errors& middleware = errors()) {
  recorded_response first;
  in_both_kinds(middleware, failing, {.target = path}, [&](const recorded_response& r) { first = r; });
  return first;
}

bool says(const recorded_response& r, std::string_view text) {
  return std::ranges::any_of(r.log, [&](const std::string& line) { return line.find(text) != line.npos; });
}

}  // namespace

TEST_SUITE("errors") {
TEST_CASE("an exception with a status is answered with it, and its message") {
  CHECK(answer("/missing").status == 404);
  CHECK(answer("/missing").body == "no such page\n");
  CHECK_FALSE(answer("/missing").field("x-old"));
  CHECK(answer("/missing").log.empty());
  CHECK(answer("/method").field("allow") == "GET");
  CHECK(answer("/later").field("retry-after") == "5");
  CHECK(says(answer("/later"), "threw csgi::http_error: later"));
}

TEST_CASE("any other one is answered with 500, which tells the operator and not the client") {
  for (const char* path : {"/other", "/number"}) {
    const auto r = answer(path);
    CHECK(r.status == 500);
    CHECK(r.body == "Internal Server Error\n");
    CHECK(says(r, "handler threw "));
  }
  CHECK(says(answer("/other"), "std::runtime_error: <secret>"));
  CHECK(says(answer("/number"), "threw int"));
}

TEST_CASE("what may be an attack goes to the security log") {
  std::vector<std::string> told;
  const errors middleware({.security_log = [&](const http_error& e, const request& head) {
    told.push_back(std::to_string(e.status()) + ' ' + std::string(head.path));
  }});
  CHECK(answer("/forged", middleware).status == 403);
  CHECK(answer("/garbled", middleware).status == 400);
  CHECK(answer("/missing", middleware).status == 404);
  CHECK(told == std::vector<std::string>{"403 /forged", "403 /forged", "400 /garbled", "400 /garbled"});
  CHECK(says(answer("/forged"), "security: 403"));
}

TEST_CASE("page and log name the app that never responded, behind whatever it is") {
  shop app;
  chain inner{identity(), app};
  mount_table table(app);
  table.mount("/shop", inner);
  chain outer{errors({.faults = fault_page::development}), table};
  recording_exchange x(completion::later, {.target = "/shop/1?<b>"});
  x.serve(outer);
  CHECK(x.response().status == 500);
  CHECK(x.response().log == std::vector<std::string>{"shop never responded"});
  CHECK(x.response().body.find("<p>shop<p>") != std::string::npos);
  CHECK(x.response().body.find("never responded") != std::string::npos);
  CHECK(x.response().body.find("/shop/1?&lt;b&gt;") != std::string::npos);
  CHECK(answer("/silent").status == 500);
  CHECK(says(answer("/silent"), "never responded"));
}

TEST_CASE("a development page shows what was thrown, escaped") {
  const auto r = answer("/other", errors({.faults = fault_page::development}));
  CHECK(r.status == 500);
  CHECK(r.body.find("std::runtime_error: &lt;secret&gt;") != std::string::npos);
}

TEST_CASE("after commit, and what the server answers, is passed on") {
  CHECK_THROWS_WITH(answer("/late"), "<secret>");
  CHECK_THROWS_AS(answer("/long"), too_large);
}

TEST_CASE("CSGI-CORE-042: an answer to a client that has gone meanwhile is no fault; what may be an attack is told all the same") {
  CHECK(answer("/gone").log.empty());
  CHECK(says(answer("/gone-forged"), "security: 403"));
  CHECK_THROWS_WITH(answer("/gone-otherwise"), "<secret>");
}

TEST_CASE("a body that is too large for read_all is answered with 413") {
  in_both_kinds(errors(), failing, {.method = "POST", .target = "/read", .chunks = {"abcd"}},
                [](const recorded_response& r) { CHECK(r.status == 413); });
}

TEST_CASE("what an app makes of a malformed body is left to the server, unless it says what to answer") {
  for (const auto how : {completion::inside, completion::later}) {
    const scripted_request torn{.method = "POST", .chunks = {"ab"}, .end = body_end::truncated};
    recording_exchange quiet(how, torn);
    serve_around(quiet, how, errors(), [](async_exchange ex) { return swallowing(ex, 0); });
    CHECK(quiet.phase() == phase::open);
    recording_exchange loud(how, torn);
    CHECK_THROWS_WITH(serve_around(loud, how, errors(), [](async_exchange ex) { return swallowing(ex, 1); }), "garbage");
    CHECK(loud.phase() == phase::open);
    recording_exchange known(how, torn);
    serve_around(known, how, errors(), [](async_exchange ex) { return swallowing(ex, 2); });
    CHECK(known.response().status == 422);
  }
}

TEST_CASE("every operation failing in turn ends it") {
  for (const char* path : {"/fine", "/missing", "/other", "/silent"}) with_each_failing(errors(), failing, {.target = path});
  with_each_failing(errors(), failing, {.method = "POST", .target = "/read", .chunks = {"ab"}});
}
}
