// What an exchange in memory offers around a response: hints, trailers, its buffer, and what is known of the request.
#include "sample_app.hpp"
#include "scene.hpp"
#include <csgi/informational.hpp>
#include <csgi/request_info.hpp>
#include <csgi/response_buffer.hpp>
#include <csgi/testing/async_client.hpp>
#include <csgi/tls_info.hpp>
#include <csgi/trailers.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using testing::client;
using wrong = testing::misuse;
using testing::request_body;
using testing::time_flow;

namespace {

constexpr app_kind kinds[] = {app_kind::blocking, app_kind::async};
const testing::client_options quick{.failure = testing::failures::answered, .time = time_flow::skipped};

task<> hint(async_exchange ex) {
  const field links[] = {{"link", "</style.css>; rel=preload"}};
  const field progress[] = {{"x-progress", "2"}};
  co_await inform(ex, 103, links);
  co_await inform(ex, 102, progress);
  co_await ex.respond(200, "text/plain", "page");
}

/// Sums the bytes of the body, and compares with what is behind it.
task<> sum(async_exchange ex) {
  auto& sent = *ex.find<request_trailers>();
  const auto before = sent.fields().size();
  std::size_t bytes = 0;
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) bytes += chunk.size();
  announce_trailers(ex, {"X-Sum", "X-Sent"});
  ex.start(200);
  co_await ex.write(before == 0 ? "summed" : "too early");
  const std::string total = std::to_string(bytes);
  const field said = sent.fields().empty() ? field{"x-sent", "nothing"} : field{"X-Sent", sent.fields()[0].value};
  set_trailers(ex, {{"x-sum", total}, said});
  co_await ex.finish();
}

template <class Operation>
struct watched final : Operation {
  watched() {
    this->done = [](operation& op) noexcept { static_cast<watched&>(op).times += 1; };
  }
  bool failed_as(std::errc code) const { return this->error == code; }
  int times = 0;
};

template <class Extension>
Extension& found(testing::memory_exchange& x) {
  return *static_cast<Extension*>(x.find(Extension::id));
}

}  // namespace

TEST_SUITE("testing: around a response") {
TEST_CASE("a response shows the informational ones that came before it") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, hint);
    client c(app, quick);
    const auto r = c.get("/");
    CHECK(r.status == 200);
    CHECK(r.body == "page");
    REQUIRE(r.informational.size() == 2);
    const testing::informational_response early{103, {{"link", "</style.css>; rel=preload"}}};
    CHECK(r.informational[0] == early);
    CHECK(r.informational[1].status == 102);
    CHECK(r.informational[1].field("X-Progress") == "2");
  }
}

TEST_CASE("a blocking app gives fields in braces") {
  struct hinting final : blocking_app {
    void http(blocking_exchange ex) override {
      inform(ex, 103, {{"link", "</style.css>; rel=preload"}});
      announce_trailers(ex, {"x-sum"});
      ex.start(200, {{"x-kept", "1"}});
      set_trailers(ex, {{"x-sum", "0"}});
      ex.finish();
    }
  } app;
  testing::client c(app);
  const auto r = c.get("/");
  REQUIRE(r.informational.size() == 1);
  CHECK(r.informational[0].status == 103);
  CHECK(r.trailer("x-sum") == "0");
}

TEST_CASE("a conversation gets hints while the app works on its response") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    std::atomic<bool> worked{false};
    sample_app app(kind, [&worked](async_exchange ex) -> task<> {
      const field link[] = {{"link", "</a.css>"}};
      co_await inform(ex, 103, link);
      co_await ex.read();
      worked = true;
      co_await ex.respond(200, "text/plain", "page");
    });
    client c(app, quick);
    auto live = c.begin("POST", "/", {.body = request_body::by_hand()});
    const auto hinted = live.informational();
    REQUIRE(hinted);
    CHECK(hinted->status == 103);
    CHECK_FALSE(worked);
    live.send("x");
    live.end_body();
    CHECK_FALSE(live.informational());
    CHECK(live.head().status == 200);
    CHECK(live.finish().informational.size() == 1);
  }
}

TEST_CASE("a coroutine of a test waits for hints too") {
  sample_app app(app_kind::async, hint);
  client c(app, quick);
  c.run([&]() -> task<> {
    auto live = c.begin("GET", "/");
    auto first = co_await c.async().informational(live);
    CHECK(first->status == 103);
    auto second = co_await c.async().informational(live);
    CHECK(second->status == 102);
    auto none = co_await c.async().informational(live);
    CHECK_FALSE(none);
    auto whole = co_await c.async().finish(live);
    CHECK(whole.body == "page");
  });
}

TEST_CASE("what came before a response stays when the app fails, or answers another status") {
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    co_await inform(ex, 103, {});
    ex.start(404);
    throw std::runtime_error("no luck");
  });
  client c(app, quick);
  const auto r = c.get("/");
  CHECK(r.status == 500);
  CHECK(r.informational.size() == 1);
}

TEST_CASE("CSGI-EXT-050, CSGI-EXT-053: there are no hints and no trailers for HTTP/1.0, and no trailers for HEAD") {
  sample_app app(app_kind::async, hint);
  client old(app, {.origin = {.version = http_version::http_1_0}});
  CHECK(old.get("/").informational.empty());

  const auto offers = [](const char* method, http_version version) {
    testing::test_loop loop(time_flow::skipped);
    testing::memory_exchange x(loop, method, "/", {}, {.version = version});
    return std::pair(x.find(informational::id) != nullptr, x.find(response_trailers::id) != nullptr);
  };
  CHECK(offers("GET", http_version::http_1_1) == std::pair(true, true));
  CHECK(offers("HEAD", http_version::http_1_1) == std::pair(true, false));
  CHECK(offers("GET", http_version::http_1_0) == std::pair(false, false));
}

TEST_CASE("CSGI-EXT-052: a hint that may not be sent, or comes too late, is refused and held against the app") {
  scene on;
  auto& hints = found<informational>(on.x);
  const field length[] = {{"content-length", "1"}};
  for (const int status : {0, 100, 101, 200}) {
    watched<inform_op> op;
    op.status = status;
    CHECK(hints.begin_inform(op) == begun::completed);
    CHECK(op.failed_as(std::errc::invalid_argument));
  }
  watched<inform_op> counted;
  counted.fields = length;
  hints.begin_inform(counted);
  CHECK(counted.failed_as(std::errc::invalid_argument));
  const testing::misdeed bad{wrong::bad_hint, "an informational response of status 0 was refused"};
  CHECK(on.x.misdeeds().front() == bad);

  REQUIRE_FALSE(on.x.start({}));
  watched<write_op> write;
  write.data = "x";
  write.then = ending::finish;
  on.x.begin_write(write);
  watched<inform_op> late;
  CHECK(hints.begin_inform(late) == begun::completed);
  CHECK(late.failed_as(std::errc::operation_in_progress));
  on.loop.turn_until([&] { return write.times == 1; });
  hints.begin_inform(late);
  CHECK(late.failed_as(std::errc::operation_not_permitted));
  const testing::misdeed too_late{wrong::out_of_turn, "an operation was begun after the response was finished"};
  CHECK(on.x.misdeeds().back() == too_late);
  CHECK(on.x.result().informational.empty());
}

TEST_CASE("trailers go both ways") {
  for (const auto kind : kinds) {
    CAPTURE(to_string(kind));
    sample_app app(kind, sum);
    client c(app, quick);
    const auto r = c.post("/", {.body = request_body::chunks({"ab", "c"}), .trailers = {{"x-sum", "3"}, {"x-sum", "again"}}});
    CHECK(r.body == "summed");
    CHECK(r.field("trailer") == "X-Sum, X-Sent");
    const testing::field_list behind = {{"x-sum", "3"}, {"X-Sent", "3"}};
    CHECK(r.trailers == behind);
    CHECK(r.trailer("X-SUM") == "3");
    const auto none = c.post("/", {.body = request_body::chunks({"ab"})});
    CHECK(none.trailer("x-sent") == "nothing");
  }
}

TEST_CASE("trailers follow a body that is streamed, or sent by hand") {
  sample_app app(app_kind::async, sum);
  client c(app, quick);
  int pieces = 2;
  const auto r = c.post("/", {.body = request_body::stream([&] { return std::string(pieces-- > 0 ? "xy" : ""); }), .trailers = {{"x-a", "1"}}});
  const testing::field_list behind = {{"x-sum", "4"}, {"X-Sent", "1"}};
  CHECK(r.trailers == behind);
  auto live = c.begin("POST", "/", {.body = request_body::by_hand(), .trailers = {{"x-a", "2"}}});
  live.send("xyz");
  live.end_body();
  CHECK(live.finish().trailer("x-sent") == "2");
}

TEST_CASE("trailers without a body in chunks are no request") {
  sample_app app(app_kind::async, sum);
  client c(app);
  CHECK_THROWS_AS(c.post("/", {.body = "known", .trailers = {{"x-a", "1"}}}), std::invalid_argument);
  CHECK_THROWS_AS(c.post("/", {.trailers = {{"x-a", "1"}}}), std::invalid_argument);
  CHECK_THROWS_AS(c.post("/", {.body = request_body::chunks({}), .trailers = {{"x a", "1"}}}), std::invalid_argument);
}

TEST_CASE("trailers that were announced and not set are none; those of a response that broke off are not seen") {
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    announce_trailers(ex, {"x-a"});
    ex.start(200);
    co_await ex.flush();
    if (ex.head().path == "/abort") set_trailers(ex, {{"x-a", "1"}});
    if (ex.head().path == "/abort") co_return ex.abort(std::errc::io_error);
    co_await ex.finish();
  });
  client c(app);
  CHECK(c.get("/").trailers.empty());
  try {
    c.get("/abort");
    FAIL("it is whole");
  } catch (const testing::broken_response& broken) {
    CHECK(broken.part().trailers.empty());
  }
}

TEST_CASE("what announces and sets trailers tells whether there is a place for them") {
  for (const auto kind : kinds) {
    bool announced = false, set = false;
    sample_app app(kind, [&](async_exchange ex) -> task<> {
      announced = announce_trailers(ex, {"x-a"});
      ex.start(200);
      set = set_trailers(ex, {{"x-a", "1"}});
      co_await ex.finish("body");
    });
    client c(app);
    CHECK(c.get("/").trailer("x-a") == "1");
    CHECK(announced);
    CHECK(set);
    CHECK(c.request("HEAD", "/").status == 200);
    CHECK_FALSE(announced);
    CHECK_FALSE(set);
    client old(app, {.origin = {.version = http_version::http_1_0}});
    CHECK(old.get("/").trailers.empty());
    CHECK_FALSE(announced);
    CHECK_FALSE(set);
  }
}

TEST_CASE("wanted() tells what TE asks for") {
  sample_app app(app_kind::async, [](async_exchange ex) -> task<> {
    co_await ex.respond(200, "text/plain", ex.find<response_trailers>()->wanted() ? "wanted" : "not asked for");
  });
  client c(app);
  CHECK(c.get("/", {.fields = {{"te", "deflate, Trailers"}}}).body == "wanted");
  CHECK(c.get("/").body == "not asked for");
}

TEST_CASE("CSGI-EXT-054, CSGI-EXT-055: trailers that may not be sent, or were not announced, are refused and held against the app") {
  scene on;
  auto& trailers = found<response_trailers>(on.x);
  const auto announce = [&](std::string_view name) { return trailers.announce({&name, 1}); };
  const auto set = [&](field f) { return trailers.set({&f, 1}); };
  const field length[] = {{"content-length", "3"}};
  for (const std::string_view bad : {"", "a b", "Content-Length", "Host", "Trailer"}) CHECK(announce(bad) == std::errc::invalid_argument);
  REQUIRE_FALSE(on.x.start({.status = 200, .fields = length}));
  CHECK(announce("x-a") == std::errc::invalid_argument);
  REQUIRE_FALSE(on.x.start({}));
  CHECK_FALSE(announce("x-a"));
  CHECK(on.x.start({.status = 200, .fields = length}) == std::errc::invalid_argument);
  CHECK(set({"x-b", "1"}) == std::errc::invalid_argument);
  CHECK(set({"x-a", "1\r\nx-b: 2"}) == std::errc::invalid_argument);
  CHECK_FALSE(set({"X-A", "1"}));
  watched<write_op> write;
  write.data = "x";
  write.then = ending::finish;
  on.x.begin_write(write);
  on.loop.turn_until([&] { return write.times == 1; });
  CHECK(announce("x-a") == std::errc::operation_not_permitted);
  CHECK(set({"x-a", "2"}) == std::errc::operation_not_permitted);
  const testing::field_list behind = {{"X-A", "1"}};
  CHECK(on.x.result().trailers == behind);
  const std::vector<testing::misdeed> held = {
      {wrong::bad_trailers, "trailers that may not be sent were announced"},
      {wrong::bad_trailers, "trailers were announced for a response with a Content-Length"},
      {wrong::bad_head, "start() refused a head of status 200"},
      {wrong::bad_trailers, "trailers that were not announced, or may not be sent, were set"},
      {wrong::out_of_turn, "trailers were announced when the response was on its way, or over"},
      {wrong::out_of_turn, "trailers were set when the response was over"}};
  CHECK(on.x.misdeeds() == held);
}

TEST_CASE("CSGI-EXT-056 to CSGI-EXT-058: beyond the window the server takes over up to the mark, and who waits for that is told") {
  scene on({}, {.window = 4, .high_water = 10});
  auto& buffer = found<response_buffer>(on.x);
  CHECK(buffer.buffered() == 0);
  CHECK(buffer.high_water() == 10);
  REQUIRE_FALSE(on.x.start({}));
  watched<write_op> first, second;
  first.data = "0123456789";
  second.data = "abcdef";
  on.x.begin_write(first);
  on.loop.turn_until([&] { return first.times == 1; });
  CHECK(buffer.buffered() == 6);
  on.x.begin_write(second);
  CHECK(buffer.buffered() == 12);
  CHECK_FALSE(on.loop.turn_until([&] { return second.times == 1; }));

  watched<drain_op> drained, another;
  drained.most = 3;
  CHECK(buffer.begin_drained(drained) == begun::pending);
  CHECK(buffer.begin_drained(another) == begun::completed);
  CHECK(another.failed_as(std::errc::operation_in_progress));
  CHECK(on.x.take() == "0123");
  on.loop.turn_until([&] { return second.times == 1; });
  CHECK(buffer.buffered() == 8);
  CHECK(on.x.take() == "4567");
  while (on.loop.turn()) {
  }
  CHECK(drained.times == 0);
  CHECK(on.x.take() == "89ab");
  on.loop.turn_until([&] { return drained.times == 1; });
  CHECK_FALSE(drained.error);
  CHECK(buffer.buffered() == 0);
  CHECK(on.x.take() == "cdef");
}

TEST_CASE("without a mark a write waits for the client, as ever; an app may set one") {
  scene on({}, {.window = 2});
  auto& buffer = found<response_buffer>(on.x);
  CHECK(buffer.high_water() == 0);
  REQUIRE_FALSE(on.x.start({}));
  watched<write_op> write;
  write.data = "four";
  on.x.begin_write(write);
  CHECK_FALSE(on.loop.turn_until([&] { return write.times == 1; }));
  CHECK(buffer.buffered() == 2);
  buffer.set_high_water(2);
  CHECK(on.loop.turn_until([&] { return write.times == 1; }));
  buffer.set_high_water(1 << 24);
  CHECK(buffer.high_water() == 1024 * 1024);
}

TEST_CASE("a response is whole when the client has all of it, whatever the server has taken over") {
  for (const std::string_view last : {"", "!"}) {
    sample_app app(app_kind::async, [last](async_exchange ex) -> task<> {
      ex.start(200);
      for (int i = 0; i < 10; ++i) co_await ex.write("0123456789");
      co_await drained(ex, 50);
      co_await ex.finish(last);
    });
    client c(app, {.time = time_flow::skipped, .behaviour = {.window = 3, .high_water = 64}});
    const auto r = c.get("/");
    CHECK(r.body.size() == 100 + last.size());
    CHECK(r.body.ends_with(std::string("89").append(last)));
    CHECK(r.how.body_bytes == r.body.size());
  }
}

TEST_CASE("nothing is buffered for a blocking app, and who waits for that goes on") {
  sample_app app(app_kind::blocking, [](async_exchange ex) -> task<> {
    auto& buffer = *ex.find<response_buffer>();
    ex.start(200);
    co_await ex.write("four");
    co_await drained(ex);
    co_await ex.finish(std::to_string(buffer.high_water()) + std::to_string(buffer.buffered()));
  });
  client c(app, {.behaviour = {.high_water = 64}});
  CHECK(c.get("/").body == "four00");
}

TEST_CASE("who waits for the buffer learns that its client has gone, or that it is to end") {
  for (const bool leaves : {true, false}) {
    scene on({}, {.window = 0, .high_water = 10});
    auto& buffer = found<response_buffer>(on.x);
    REQUIRE_FALSE(on.x.start({}));
    watched<write_op> write;
    write.data = "x";
    on.x.begin_write(write);
    on.loop.turn_until([&] { return write.times == 1; });
    watched<drain_op> waits;
    REQUIRE(buffer.begin_drained(waits) == begun::pending);
    if (leaves) on.x.disconnect();
    else cancel(waits);
    on.loop.turn_until([&] { return waits.times == 1; });
    CHECK(waits.failed_as(leaves ? std::errc::connection_reset : std::errc::operation_canceled));
  }
}

TEST_CASE("CSGI-EXT-059: requests have numbers that grow, and times in the app's clock") {
  std::vector<std::uint64_t> numbers;
  bool in_between = true;
  sample_app app(app_kind::async, [&](async_exchange ex) -> task<> {
    const auto& info = *ex.find<request_info>();
    numbers.push_back(info.number());
    in_between = in_between && info.received() <= csgi::clock::now();
    co_await ex.sleep_for(std::chrono::hours(1));
    co_await ex.respond(200, "text/plain", "later");
  });
  client c(app, {.time = time_flow::skipped});
  const auto before = csgi::clock::now();
  c.get("/");
  c.get("/");
  REQUIRE(numbers.size() == 2);
  CHECK(numbers[0] < numbers[1]);
  CHECK(in_between);
  testing::memory_exchange x(c.loop(), "GET", "/");
  CHECK(found<request_info>(x).received() >= before);
  CHECK(x.find(tls_info::id) == nullptr);
}

TEST_CASE("what is done with an extension when the app is done, or elsewhere than on its thread, is held against it") {
  response_trailers* trailers = nullptr;
  sample_app app(app_kind::async, [&trailers](async_exchange ex) -> task<> {
    trailers = ex.find<response_trailers>();
    auto* const buffer = ex.find<response_buffer>();
    std::thread([buffer] { CHECK(buffer->buffered() == 0); }).join();
    co_await ex.respond(200, "text/plain", "done");
  });
  scene on;
  on.x.serve(app);
  const std::vector<testing::misdeed> elsewhere = {{wrong::other_thread, "response_buffer::buffered() was called on another thread than the executor's"}};
  CHECK(on.x.misdeeds() == elsewhere);
  CHECK(trailers->set({}) == std::errc::operation_not_permitted);
  const testing::misdeed late{wrong::after_end, "response_trailers::set() was called when the app was done"};
  CHECK(on.x.misdeeds().back() == late);
}

TEST_CASE("request trailers are views of memory that ends with the app, as those of the head") {
  struct counting final : std::pmr::memory_resource {
    std::size_t held = 0;
    void* do_allocate(std::size_t size, std::size_t alignment) override {
      ++held;
      return std::pmr::new_delete_resource()->allocate(size, alignment);
    }
    void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
      --held;
      std::pmr::new_delete_resource()->deallocate(at, size, alignment);
    }
    bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
  } views;
  sample_app app(app_kind::async, sum);
  client c(app, {.views = &views});
  CHECK(c.post("/", {.body = request_body::chunks({"a"}), .trailers = {{"x-a", "kept"}}}).trailer("x-sent") == "kept");
  CHECK(views.held == 0);
}
}
