#include "sample_app.hpp"
#include <csgi/mount_table.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client;
using testing::failures;
using testing::redirects;
using testing::request_body;
using testing::time_flow;

namespace {

constexpr app_kind kinds[] = {app_kind::blocking, app_kind::async};

task<> echo(async_exchange ex) {
  ex.start(200, {{"x-method", ex.head().method}, {"x-query", ex.head().query}});
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
  co_await ex.finish();
}

task<> facts(async_exchange ex) {
  const auto& h = ex.head();
  std::string text(h.scheme);
  for (const auto part : {h.authority, h.path, h.root_path, h.peer.address, to_string(h.version)}) text.append(" ").append(part);
  co_await ex.respond(200, "text/plain", text);
}

}  // namespace

TEST_SUITE("testing client") {
TEST_CASE("a request goes in and a response comes out, in both kinds") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, echo);
    client c(app);
    const auto r = c.post("/any?a=b", {.body = "some bytes"});
    CHECK(r.status == 200);
    CHECK(r.body == "some bytes");
    CHECK(r.field("X-Method") == "POST");
    CHECK(r.field("x-query") == "a=b");
    CHECK(!r.field("absent"));
    const auto kept = c.get("/other?q").field("x-query");
    CHECK(kept == "q");
    CHECK(r.whole());
    CHECK(r.how.body_bytes == 10);
    CHECK(r.target == "/any?a=b");
  }
}

TEST_CASE("a body may be chunks, a stream that is asked for more when the app reads, or cut short") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, [](async_exchange ex) -> task<> {
      std::string seen;
      try {
        for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) (seen += chunk) += '|';
      } catch (const malformed_body&) {
        seen += "cut";
      }
      co_await ex.respond(200, "text/plain", seen);
    });
    client c(app);
    CHECK(c.post("/", {.body = request_body::chunks({"one", "", "two"})}).body == "one|two|");
    int left = 3;
    const auto source = [&] { return left-- > 0 ? "part " + std::to_string(left) : std::string(); };
    CHECK(c.post("/", {.body = request_body::stream(source)}).body == "part 2|part 1|part 0|");
    CHECK(c.post("/", {.body = request_body::chunks({"one"}).cut_short()}).body == "one|cut");
  }
}

TEST_CASE("what the app throws is raised in the test, or answered as servers do") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, [](async_exchange ex) -> task<> {
      if (ex.head().path == "/silent") co_return;
      ex.start(200);
      if (ex.head().path == "/late") co_await ex.write("begun");
      if (ex.head().path == "/busy") raise(std::make_error_code(std::errc::resource_unavailable_try_again), "pool");
      throw std::out_of_range("secret");
    });
    client raising(app);
    CHECK_THROWS_AS(raising.get("/"), std::out_of_range);
    CHECK_THROWS_AS(raising.get("/late"), std::out_of_range);
    CHECK_THROWS_WITH_AS(raising.get("/silent"), "the app ended without a response", std::logic_error);

    client answering(app, {.failure = failures::answered});
    const auto r = answering.get("/");
    CHECK(r.status == 500);
    CHECK(r.body == "500 Internal Server Error\n");
    REQUIRE(r.log.size() == 1);
    CHECK(r.log[0] == testing::log_line{log_level::error, "the app threw secret"});
    CHECK(answering.get("/silent").status == 500);
    CHECK(answering.get("/busy").status == 503);
    try {
      answering.get("/late");
      FAIL("a broken response looked whole");
    } catch (const testing::broken_response& broken) {
      CHECK(broken.part().status == 200);
      CHECK(broken.part().body == "begun");
      CHECK(!broken.part().whole());
      CHECK(broken.part().how.aborted == std::errc::io_error);
    }
  }
}

TEST_CASE("an abort is never a response") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, [](async_exchange ex) -> task<> {
      ex.start(200, {{"content-length", "4"}});
      if (ex.head().path == "/late") co_await ex.write("abc");
      ex.abort(std::errc::timed_out);
    });
    client c(app);
    CHECK_THROWS_AS(c.get("/late"), testing::broken_response);
    try {
      c.get("/");
    } catch (const testing::broken_response& broken) {
      CHECK(broken.part().status == 0);
      CHECK(broken.part().how.aborted == std::errc::timed_out);
    }
  }
}

TEST_CASE("HEAD, 204 and 304 have no body, whatever the app writes") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, [](async_exchange ex) -> task<> {
      const int status = ex.head().path == "/" ? 200 : std::stoi(std::string(ex.head().path.substr(1)));
      ex.start(status, {{"content-length", "1000"}});
      co_await ex.write("not all of it");
      co_await ex.finish();
    });
    client c(app);
    for (const auto& r : {c.head("/"), c.get("/304")}) {
      CHECK(r.body.empty());
      CHECK(r.field("content-length") == "1000");
    }
    CHECK(c.get("/204").body.empty());
    CHECK(!c.get("/204").field("content-length"));
    CHECK_THROWS_AS(c.get("/"), malformed_body);
  }
}

TEST_CASE("hooks have run when the response is there, and what is logged is seen") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    std::vector<outcome> told;
    sample_app app(kind, [&told](async_exchange ex) -> task<> {
      ex.on_finish([&told](const outcome& how) { told.push_back(how); });
      ex.log(log_level::warning, "careful");
      co_await ex.respond(201, "text/plain", "made");
    });
    client c(app);
    const auto r = c.get("/");
    REQUIRE(told.size() == 1);
    CHECK(told[0].status == 201);
    CHECK(told[0].body_bytes == 4);
    CHECK(!told[0].aborted);
    CHECK(r.log == std::vector<testing::log_line>{{log_level::warning, "careful"}});
  }
}

TEST_CASE("where a request comes from is set for the client; a path outside of the root path is not the app's") {
  sample_app app(app_kind::async, facts);
  testing::request_origin from;
  from.version = http_version::http_1_0;
  from.scheme = "https";
  from.authority = "example.org:8443";
  from.root_path = "/mount";
  from.peer = "2001:db8::1";
  client c(app, {.origin = from});
  CHECK(c.get("/mount/a%20b").body == "https example.org:8443 /mount/a b /mount 2001:db8::1 1.0");
  CHECK(c.get("/mounted").status == 404);
  CHECK_THROWS_AS(c.get("/mount/%2"), std::invalid_argument);
  CHECK_THROWS_AS(c.get("/mount/a b"), std::invalid_argument);
}

TEST_CASE("redirects are followed by choice, with the method and body that belong to each") {
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    const auto path = ex.head().path;
    if (path.starts_with("/go/")) {
      ex.start(std::stoi(std::string(path.substr(4))), {{"location", "../end?x#part"}});
      co_await ex.finish();
      co_return;
    }
    if (path == "/loop") {
      ex.start(302, {{"location", "/loop"}});
      co_await ex.finish();
      co_return;
    }
    const auto body = co_await ex.read_all(100);
    const auto text = std::string(ex.head().method) + " " + std::string(ex.head().target) + " " + body;
    co_await ex.respond(200, "text/plain", text);
  });
  client c(app, {.redirect = redirects::followed});
  const auto r = c.get("/go/302");
  CHECK(r.body == "GET /end?x ");
  CHECK(r.target == "/end?x");
  REQUIRE(r.history.size() == 1);
  CHECK(r.history[0].status == 302);
  for (const auto* target : {"/go/301", "/go/302", "/go/303"}) CHECK(c.post(target, {.body = "data"}).body == "GET /end?x ");
  for (const auto* target : {"/go/307", "/go/308"}) CHECK(c.post(target, {.body = "data"}).body == "POST /end?x data");
  CHECK(c.put("/go/302", {.body = "data"}).body == "PUT /end?x data");
  CHECK(c.put("/go/303", {.body = "data"}).body == "GET /end?x ");
  CHECK(c.get("/go/302", {.redirect = redirects::returned}).status == 302);
  CHECK_THROWS_AS(c.get("/loop"), std::runtime_error);
}

TEST_CASE("cookies are kept and sent again, secure ones over https only") {
  sample_app app(app_kind::blocking, [](async_exchange ex) -> task<> {
    ex.start(200, {{"set-cookie", "a=1"}, {"set-cookie", "b=2; Secure"}, {"set-cookie", "c=3; Path=/deep"}});
    co_await ex.finish(ex.head().field("cookie").value_or("none"));
  });
  client c(app);
  CHECK(c.get("/").body == "none");
  CHECK(c.get("/").body == "a=1");
  CHECK(c.get("/deep/er").body == "c=3; a=1");
  CHECK(c.get("/", {.fields = {{"cookie", "own=1"}}}).body == "own=1");
  CHECK(c.cookies().find("b") == "2");
}

TEST_CASE("a request that waits for what never comes fails, and does not hang") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, [](async_exchange ex) -> task<> {
      co_await ex.read();
      co_await ex.respond(200, "text/plain", "");
    });
    client c(app, {.time = time_flow::skipped});
    auto live = c.begin("POST", "/", {.body = request_body::by_hand()});
    CHECK_THROWS_AS(live.head(), std::logic_error);
  }
}

TEST_CASE("a composite's parts each answer in their kind") {
  sample_app blocking(app_kind::blocking, echo), async(app_kind::async, echo);
  mount_table table(async);
  table.mount("/blocking", blocking);
  table.mount("/async", async);
  client c(table);
  CHECK(c.post("/blocking", {.body = "one"}).body == "one");
  CHECK(c.post("/async", {.body = "two"}).body == "two");
}
}
