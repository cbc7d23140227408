#include <csgi/async_exchange.hpp>
#include "recording_exchange.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

task<> collect(async_exchange ex, std::string& into) {
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) into.append(chunk).append("|");
}

task<> read_within(async_exchange ex, std::size_t limit, std::string& into) {
  auto body = co_await ex.read_all(limit);
  into = body;
}

task<> read_once(async_exchange ex) { co_await ex.read(); }

template <class Error>
bool read_fails_as(std::errc code) {
  recording_exchange x(completion::later);
  x.fails_at = 1;
  x.fails_with = code;
  try {
    x.run(read_once(async_exchange(x)));
  } catch (const Error& e) {
    return e.code() == code && std::string_view(e.what()).starts_with("read");
  }
  return false;
}

}  // namespace

TEST_SUITE("async_exchange") {
TEST_CASE("read() gives chunk after chunk, then an empty one again and again") {
  recording_exchange x(completion::later, {.chunks = {"one", "two"}});
  std::string got;
  x.run(collect(async_exchange(x), got));
  x.run(collect(async_exchange(x), got));
  CHECK(got == "one|two|");
}

TEST_CASE("read_all() gives the whole body up to its limit, and throws too_large beyond") {
  std::string got;
  recording_exchange fits(completion::later, {.chunks = {"four", "more"}});
  fits.run(read_within(async_exchange(fits), 8, got));
  CHECK(got == "fourmore");
  recording_exchange exceeds(completion::later, {.chunks = {"four", "more"}});
  CHECK_THROWS_AS(exceeds.run(read_within(async_exchange(exceeds), 7, got)), too_large);
}

TEST_CASE("a truncated body is malformed_body, not an end") {
  recording_exchange x(completion::later, {.chunks = {"one"}, .end = body_end::truncated});
  std::string got;
  CHECK_THROWS_AS(x.run(collect(async_exchange(x), got)), malformed_body);
  CHECK(got == "one|");
}

TEST_CASE("each error code throws its own type, with the code and the operation's name") {
  CHECK(read_fails_as<disconnected>(std::errc::connection_reset));
  CHECK(read_fails_as<cancelled>(std::errc::operation_canceled));
  CHECK(read_fails_as<timed_out>(std::errc::timed_out));
  CHECK(read_fails_as<too_large>(std::errc::message_size));
  CHECK(read_fails_as<malformed_body>(std::errc::bad_message));
  CHECK(read_fails_as<misuse>(std::errc::operation_not_permitted));
  CHECK(read_fails_as<misuse>(std::errc::operation_in_progress));
  CHECK(read_fails_as<error>(std::errc::not_enough_memory));
}

TEST_CASE("a head can be replaced until it is committed, and a refused one changes nothing") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange ex) -> task<> {
    ex.start(500, {{"x-first", "1"}});
    CHECK_THROWS_AS(ex.start(99), misuse);
    CHECK_THROWS_AS(ex.start(200, {{"x-split", "a\r\nb"}}), misuse);
    CHECK(!ex.committed());
    ex.start(200, {{"x-second", "2"}});
    co_await ex.write({});  // nothing to say, so nothing is said
    CHECK(!ex.committed());
    co_await ex.flush();
    CHECK(ex.committed());
    CHECK_THROWS_AS(ex.start(404), misuse);
    co_await ex.finish("end");
  };
  x.run(body(async_exchange(x)));
  CHECK(x.response().status == 200);
  CHECK(x.response().field("x-second") == "2");
  CHECK(!x.response().field("x-first"));
  CHECK(x.response().trace == std::vector<std::string>{"start 500", "start 200", "flush", "write 3", "finish"});
}

TEST_CASE("respond() says it all at once") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange ex) -> task<> { co_await ex.respond(404, "text/plain", "no\n"); };
  x.run(body(async_exchange(x)));
  CHECK(x.response().status == 404);
  CHECK(x.response().field("Content-Type") == "text/plain");
  CHECK(x.response().body == "no\n");
  CHECK(x.phase() == phase::finished);
}

TEST_CASE("a cancelled write aborts the exchange") {
  recording_exchange x(completion::later);
  x.writes_stall = true;
  const auto body = [](async_exchange ex) -> task<> {
    ex.start(200);
    co_await ex.finish("never taken");
  };
  CHECK_THROWS_AS(x.run(body(async_exchange(x))), std::logic_error);  // which stops it
  CHECK(x.phase() == phase::aborted);
}

TEST_CASE("gone() ends with disconnected when the peer goes") {
  recording_exchange x(completion::later);
  struct leave : work { recording_exchange* of; } w;
  w.of = &x;
  w.run = [](work& posted) noexcept { static_cast<leave&>(posted).of->peer_goes(); };
  x.executor().post(w);
  const auto body = [](async_exchange ex) -> task<> { co_await ex.gone(); };
  CHECK_THROWS_AS(x.run(body(async_exchange(x))), disconnected);
  CHECK(!x.connected());
}

TEST_CASE("sleep_for() waits until now and its duration") {
  recording_exchange x(completion::later);
  const auto before = clock::now();
  const auto body = [](async_exchange ex) -> task<> { co_await ex.sleep_for(1h); };
  x.run(body(async_exchange(x)));
  REQUIRE(x.executor().waits().size() == 1);
  CHECK(x.executor().waits()[0] >= before + 1h);
  CHECK(x.executor().waits()[0] <= clock::now() + 1h);
}
}
