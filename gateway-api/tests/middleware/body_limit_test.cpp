#include <csgi/middleware/body_limit.hpp>
#include "around.hpp"
#include "driven_task.hpp"

using namespace csgi;

namespace {

task<> echo(async_exchange ex) {
  ex.start(200);
  const std::string body = co_await ex.read_all(1000);
  co_await ex.finish(body);
}

task<> stubborn(async_exchange ex) {
  int refused = 0;
  for (int i = 0; i < 4; ++i) {
    try {
      co_await ex.read();
    } catch (const too_large&) {
      ++refused;
    }
  }
  co_await ex.respond(200, "text/plain", refused == 2 ? "two" : "others");
}

task<> in_the_middle(async_exchange ex) {
  ex.start(200);
  co_await ex.flush();
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
  co_await ex.finish();
}

const scripted_request known{.method = "POST", .chunks = {"abc", "def"}};
const scripted_request chunked{.method = "POST", .chunks = {"abc", "def"}, .kind = body_kind::unknown};

}  // namespace

TEST_SUITE("body_limit") {
TEST_CASE("a body within the limit passes") {
  for (const auto& script : {known, chunked})
    in_both_kinds(body_limit(6), echo, script, [](const recorded_response& r) { CHECK(r.body == "abcdef"); });
}

TEST_CASE("a length above it is refused at once, the body unread") {
  in_both_kinds(body_limit(5), echo, known, [](const recorded_response& r) {
    CHECK(r.status == 413);
    CHECK(r.trace.front() == "start 413");
  });
}

TEST_CASE("of a body without one, reads fail beyond it") {
  in_both_kinds(body_limit(5), echo, chunked, [](const recorded_response& r) { CHECK(r.status == 413); });
  in_both_kinds(body_limit(3), stubborn, {.method = "POST", .chunks = {"ab", "c", "d"}, .kind = body_kind::unknown},
                [](const recorded_response& r) { CHECK(r.body == "two"); });
  CHECK_THROWS_AS(in_both_kinds(body_limit(5), in_the_middle, chunked, [](const recorded_response&) {}), too_large);
}

TEST_CASE("CSGI-CORE-031: a read that waits is cancelled through it") {
  recording_exchange x(completion::later, {.method = "POST", .end = body_end::stalled, .kind = body_kind::unknown});
  async_handler app(echo);
  chain wrapped{body_limit(5), app};
  driven_task running(x, wrapped.choose(x.head()).async().http(async_exchange(x)));
  x.executor().run();
  CHECK_FALSE(running.over);
  running.coroutine.stop();
  x.executor().run();
  CHECK(running.over);
  CHECK_THROWS_AS(running.coroutine.result(), cancelled);
}

TEST_CASE("every operation failing in turn ends it") {
  for (const auto& script : {known, chunked}) with_each_failing(body_limit(6), echo, script);
  with_each_failing(body_limit(5), echo, known);
}
}
