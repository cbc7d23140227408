#include <csgi/blocking_exchange.hpp>
#include "recording_exchange.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;

TEST_SUITE("blocking_exchange") {
TEST_CASE("read() gives chunk after chunk, then an empty one again and again") {
  recording_exchange x(completion::inside, {.chunks = {"one", "two"}});
  const blocking_exchange ex(x);
  CHECK(ex.read() == "one");
  CHECK(ex.read() == "two");
  CHECK(ex.read().empty());
  CHECK(ex.read().empty());
}

TEST_CASE("read_all() gives the whole body up to its limit, and throws too_large beyond") {
  recording_exchange fits(completion::inside, {.chunks = {"four", "more"}});
  CHECK(blocking_exchange(fits).read_all(8) == "fourmore");
  recording_exchange exceeds(completion::inside, {.chunks = {"four", "more"}});
  CHECK_THROWS_AS(blocking_exchange(exceeds).read_all(7), too_large);
}

TEST_CASE("operations throw the error of their code") {
  recording_exchange x(completion::inside);
  const blocking_exchange ex(x);
  CHECK_THROWS_AS(ex.write("before start"), misuse);
  ex.start(200, {{"content-length", "3"}});
  CHECK_THROWS_AS(ex.write("four"), too_large);
  ex.write("12");
  CHECK_THROWS_AS(ex.finish(), malformed_body);
  CHECK(ex.phase() == phase::aborted);
}

TEST_CASE("a gone peer fails reads and writes with disconnected, every time") {
  recording_exchange x(completion::inside, {.chunks = {"unread"}});
  x.peer_goes();
  const blocking_exchange ex(x);
  CHECK(!ex.connected());
  CHECK_THROWS_AS(ex.read(), disconnected);
  ex.start(200);
  CHECK_THROWS_AS(ex.write("a"), disconnected);
  CHECK_THROWS_AS(ex.flush(), disconnected);
}

TEST_CASE("respond(), flush() and sleep_for() take place inside the call") {
  recording_exchange x(completion::inside);
  const blocking_exchange ex(x);
  ex.start(200);
  ex.flush();
  ex.sleep_for(1h);
  ex.finish("done");
  CHECK(x.response().trace == std::vector<std::string>{"start 200", "flush", "write 4", "finish"});
  CHECK(x.executor().waits().size() == 1);
  CHECK_THROWS_AS(ex.respond(200, "text/plain", "again"), misuse);
}

TEST_CASE("log() reaches the operator's sink") {
  recording_exchange x(completion::inside);
  blocking_exchange(x).log(log_level::warning, "look here");
  CHECK(x.response().log == std::vector<std::string>{"look here"});
}
}
