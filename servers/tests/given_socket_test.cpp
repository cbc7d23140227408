// given_socket_test.cpp - servers that accept from a socket they are given.
#include <arpa/inet.h>
#include <csgi/posix/listener.hpp>
#include <ctime>
#include <doctest/doctest.h>
#include "served_function.hpp"

using namespace csgi::tests;
using namespace std::chrono_literals;

namespace {

/// Of this process, which tells a loop that waits from one that turns.
std::chrono::nanoseconds processor_time() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

/// A socket of somebody else's, a supervisor for one, who keeps it when servers come and go.
struct owner {
  csgi::posix::listener socket = std::move(csgi::posix::bind_listeners("127.0.0.1", 0, 1).front());
  csgi::server_options options{.socket = socket.socket()};
  std::uint16_t port() const { return socket.address().endpoint().port; }
};

}  // namespace

TEST_SUITE("given socket") {
TEST_CASE("a server accepts from it, and others do when it has stopped") {
  const owner given;
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f, given.options);
    CHECK(server.port() == given.port());
    CHECK(wire_client(given.port()).exchange(get("/hello")).status == 200);
  }
}

TEST_CASE("two servers accept from one at the same time, and one of them may leave without a connection lost") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    const owner given;
    running_server stays(f, given.options);
    {
      running_server leaves(f, given.options);
      for (int i = 0; i < 20; ++i) CHECK(wire_client(given.port()).exchange(get("/hello")).status == 200);
      leaves.server().stop();
      for (int i = 0; i < 20; ++i) CHECK(wire_client(given.port()).exchange(get("/hello")).status == 200);
    }
    for (int i = 0; i < 20; ++i) CHECK(wire_client(given.port()).exchange(get("/hello")).status == 200);
  }
}

TEST_CASE("connections that wait in it while a server stops are left to others, and not watched") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    const owner given;
    running_server server(f, given.options);
    wire_client busy(given.port());
    busy.send(get("/nap?400"));
    REQUIRE(server.probe().seen.saw("napping"));
    wire_client witness_of_stop(given.port());
    witness_of_stop.exchange(get("/hello"));
    server.server().stop();
    CHECK(witness_of_stop.closed());
    wire_client waits(given.port());
    const auto before = processor_time();
    CHECK(busy.read().status == 200);
    CHECK(processor_time() - before < 200ms);
    server.join();
    running_server successor(f, given.options);
    CHECK(waits.exchange(get("/hello")).status == 200);
  }
}

TEST_CASE("CSGI-HTTP-014: of a server that is bound to every address, an app is told the one that its client has come to") {
  on_both([](bool evented) {
    const auto local = [](csgi::async_exchange ex) { return say(ex, std::string(ex.head().local.address)); };
    CHECK(answer_of(evented, local, {.host = "0.0.0.0"}) == "200 127.0.0.1");
    CHECK(answer_of(evented, local, {.host = "127.0.0.1"}) == "200 127.0.0.1");
  });
}
}
