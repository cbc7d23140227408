// stop_test.cpp - how servers end.
#include "running_server.hpp"
#include <doctest/doctest.h>
#include <system_error>

using namespace csgi::tests;
using namespace std::chrono_literals;

namespace {

bool accepts(std::uint16_t port) {
  try {
    const wire_client client(port);
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

TEST_SUITE("stop") {

TEST_CASE("a stop lets running requests finish, closes idle connections, and refuses new ones") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f);
    wire_client idle(server.port()), kept(server.port()), busy(server.port());
    kept.exchange(get("/hello"));
    busy.send("POST /flushed HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n");
    REQUIRE(server.probe().seen.saw("flushed"));
    server.server().stop();
    CHECK(idle.closed());
    CHECK(kept.closed());
    while (accepts(server.port())) std::this_thread::yield();   // each loop closes its own door
    busy.send("x");
    CHECK(busy.read().body == "x");
    CHECK(busy.closed());
    server.join();
  }
}

TEST_CASE("a response begun after the stop says that the connection closes") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f);
    wire_client client(server.port());
    client.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n");
    while (server.probe().calls == 0) std::this_thread::yield();
    wire_client witness_of_stop(server.port());
    server.server().stop();
    CHECK(witness_of_stop.closed());
    client.send("x");
    CHECK(client.read().field("connection") == "close");
    CHECK(client.closed());
    server.join();
  }
}

TEST_CASE("when the grace time is over, what still runs is asked to end") {
  csgi::server_options options;
  options.deadlines.grace = 100ms;
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f, options);
    wire_client client(server.port());
    client.send(get("/nap?3600000"));
    REQUIRE(server.probe().seen.saw("napping"));
    server.server().stop();
    CHECK(client.read().status == 503);
    server.join();
    CHECK(server.probe().seen.saw("stopped"));
  }
}

TEST_CASE("a coroutine that waits for the client to go is told when the grace time is over") {
  csgi::server_options options;
  options.deadlines.grace = 100ms;
  for (const form& f : all_forms()) {
    if (f.kind == csgi::app_kind::blocking) continue;
    INFO(f.name);
    running_server server(f, options);
    wire_client client(server.port());
    client.send(get("/gone"));
    REQUIRE(server.probe().seen.saw("waiting"));
    server.server().stop();
    CHECK(server.probe().seen.saw("gone: cancelled"));
    server.join();
  }
}

TEST_CASE("a second stop ends the grace time") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f);
    wire_client client(server.port());
    client.send("POST /read-forever HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n");
    REQUIRE(server.probe().seen.saw("reading"));
    server.server().stop();
    server.server().stop();
    client.read_to_end();
    server.join();
  }
}

TEST_CASE("a server that was stopped before it ran returns at once") {
  for (const bool evented : {false, true}) {
    CAPTURE(evented);
    csgi::server_options options;
    options.port = 0;
    const auto server = make_server(evented, options);
    probe p;
    async_probe app(p);
    server->stop();
    server->run(app);
    CHECK(p.calls == 0);
  }
}

TEST_CASE("a port that is taken is refused with its name, however many loops want it") {
  for (const bool evented : {false, true}) {
    for (const unsigned loops : {1u, 2u}) {
      CAPTURE(evented);
      CAPTURE(loops);
      running_server first(all_forms()[evented ? 5 : 0]);
      csgi::server_options options;
      options.port = first.port();
      options.loops = loops;
      const std::string name = "cannot listen on 127.0.0.1:" + std::to_string(first.port());
      CHECK_THROWS_WITH_AS(make_server(evented, options), (name + ": Address already in use").c_str(), std::system_error);
    }
  }
}

}
