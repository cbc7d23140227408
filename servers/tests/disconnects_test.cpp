// disconnects_test.cpp - clients that go away, at every stage of an exchange.
#include "running_server.hpp"
#include <doctest/doctest.h>

using namespace csgi::tests;

namespace {

template <class Test>
void on_every_form(Test test, csgi::server_options options = {}) {
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f, options);
    test(server);
    wire_client after(server.port());
    CHECK(after.exchange(get("/hello")).body == "Hello\n");
  }
}

}  // namespace

TEST_SUITE("disconnects") {

TEST_CASE("an app that does nothing but wait learns that the client has gone") {
  on_every_form([](running_server& server) {
    for (const bool by_reset : {false, true}) {
      const auto before = server.probe().seen.count("gone");
      wire_client client(server.port());
      client.send(get("/until-gone"));
      REQUIRE(server.probe().seen.saw("waiting"));
      if (by_reset) client.reset();
      else client.half_close();
      while (server.probe().seen.count("gone") == before) std::this_thread::yield();
    }
    CHECK(server.said().lines.count("probe: GET /until-gone: threw") == 0);
  });
}

TEST_CASE("a coroutine can wait for the client to go, and still answer one that only closed its sending side") {
  on_every_form([](running_server& server) {
    if (server.kind() == csgi::app_kind::blocking) return;   // it asks connected()
    wire_client leaving(server.port()), listening(server.port());
    leaving.send(get("/gone"));
    REQUIRE(server.probe().seen.saw("waiting"));
    leaving.reset();
    CHECK(server.probe().seen.saw("gone: disconnected"));
    listening.send(get("/gone"));
    listening.half_close();
    CHECK(listening.read().body == "disconnected");
  });
}

TEST_CASE("a read that waits is ended by the client's reset") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send("POST /read-forever HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    REQUIRE(server.probe().seen.saw("reading"));
    client.reset();
    CHECK(server.probe().seen.saw("read ended: reset"));
  });
}

TEST_CASE("a body that is cut short is an error, answered 400, never an end") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    client.half_close();
    CHECK(client.read().status == 400);
    CHECK(server.probe().seen.saw("read failed: Bad message"));
  });
}

TEST_CASE("bad chunks in a body are an error to the app, answered 400, and end the connection") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send("POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n" + get("/hello"));
    CHECK(client.read().status == 400);
    CHECK(client.read_to_end().empty());
    CHECK(server.probe().seen.saw("read failed: Bad message"));
  });
}

TEST_CASE("a write to a client that has gone fails, and the app unwinds") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send(get("/stream?500000000"));
    client.read_through("\r\n\r\n");
    client.reset();
    CHECK(server.probe().seen.saw("write failed: Connection reset by peer"));
  });
}

TEST_CASE("a client that goes in the middle of a head is forgotten without a word") {
  on_every_form([](running_server& server) {
    for (const bool by_reset : {false, true}) {
      wire_client client(server.port());
      client.send("GET /hello HTTP/1.1\r\nHo");
      if (by_reset) {
        client.reset();
      } else {
        client.half_close();
        CHECK(client.read_to_end().empty());
      }
    }
    CHECK(server.probe().calls == 0);
  });
}

}
