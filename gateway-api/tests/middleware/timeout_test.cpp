#include <csgi/middleware/timeout.hpp>
#include "around.hpp"

using namespace csgi;
using namespace std::chrono_literals;

namespace {

task<> slow(async_exchange ex) {
  ex.start(200);
  if (ex.head().query == "late") co_await ex.flush();
  co_await ex.sleep_for(1h);
  co_await ex.finish("slept");
}

task<> quick(async_exchange ex) {
  co_await ex.sleep_for(1ms);
  co_await ex.respond(200, "text/plain", "quick");
}

task<> late_read(async_exchange) {
  raise(std::make_error_code(std::errc::timed_out), "read");
  co_return;
}

}  // namespace

TEST_SUITE("timeout") {
TEST_CASE("an app that takes too long is stopped and answered for") {
  recording_exchange x(completion::later);
  serve_around(x, completion::later, timeout(1s), slow);
  CHECK(x.response().status == 503);
  CHECK(x.phase() == phase::finished);
  CHECK(x.frames().held == 0);
  recording_exchange other(completion::later);
  serve_around(other, completion::later, timeout(1s, 504), slow);
  CHECK(other.response().status == 504);
}

TEST_CASE("a committed response is aborted") {
  recording_exchange x(completion::later, {.target = "/?late"});
  CHECK_THROWS_AS(serve_around(x, completion::later, timeout(1s), slow), timed_out);
  CHECK(x.response().aborted == std::errc::timed_out);
}

TEST_CASE("one that is quick enough passes, and a blocking app in any case") {
  in_both_kinds(timeout(1s), quick, {}, [](const recorded_response& r) { CHECK(r.body == "quick"); });
  recording_exchange x(completion::inside);
  serve_around(x, completion::inside, timeout(1s), slow);
  CHECK(x.response().body == "slept");
}

TEST_CASE("another failure, and a deadline of the server's, are passed on") {
  recording_exchange x(completion::later);
  CHECK_THROWS_WITH(serve_around(x, completion::later, timeout(1s), late_read), doctest::Contains("read"));
  CHECK(x.phase() == phase::open);
}

TEST_CASE("every operation failing in turn ends it") { with_each_failing(timeout(1s), quick, {}); }
}
