// deadlines_test.cpp - limits and deadlines: what a server does not wait for, or take.
#include "running_server.hpp"
#include <doctest/doctest.h>

using namespace csgi::tests;
using namespace std::chrono_literals;

namespace {

template <class Test>
void on_every_form(csgi::server_options options, Test test) {
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f, options);
    test(server);
  }
}

}  // namespace

TEST_SUITE("deadlines and limits") {

TEST_CASE("a head that does not end in time is answered 408, however busily its bytes come") {
  csgi::server_options options;
  options.deadlines.head = 300ms;
  on_every_form(options, [](running_server& server) {
    wire_client client(server.port());
    client.send("GET / HTTP/1.1\r\n");
    CHECK(client.read().status == 408);
    CHECK(client.closed());
    CHECK(server.probe().calls == 0);
  });
}

TEST_CASE("a connection that was served is closed silently after the idle time") {
  csgi::server_options options;
  options.deadlines.idle = 200ms;
  on_every_form(options, [](running_server& server) {
    wire_client silent(server.port()), kept(server.port());
    kept.exchange(get("/hello"));
    CHECK(kept.read_to_end().empty());
    CHECK(silent.exchange(get("/hello")).body == "Hello\n");
  });
}

TEST_CASE("a connection on which nothing ever comes is closed silently after the time for a first byte") {
  csgi::server_options options;
  options.deadlines.first_byte = 200ms;
  on_every_form(options, [](running_server& server) {
    wire_client kept(server.port());
    kept.exchange(get("/hello"));
    wire_client silent(server.port());
    CHECK(silent.read_to_end().empty());
    CHECK(kept.exchange(get("/hello")).body == "Hello\n");
  });
}

TEST_CASE("a body that stalls times out the app's read, and is answered 408") {
  csgi::server_options options;
  options.deadlines.body = 200ms;
  on_every_form(options, [](running_server& server) {
    wire_client client(server.port());
    client.send("POST /read-forever HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    CHECK(client.read().status == 408);
    CHECK(server.probe().seen.saw("read ended: timeout"));
    CHECK(client.closed());
  });
}

TEST_CASE("a client that takes nothing of its response for too long loses it") {
  csgi::server_options options;
  options.deadlines.write = 300ms;
  on_every_form(options, [](running_server& server) {
    wire_client client(server.port());
    client.send(get("/stream?500000000"));
    CHECK(server.probe().seen.saw("write failed: Connection timed out"));
  });
}

TEST_CASE("a body larger than the limit is answered 413 before the app is called") {
  csgi::server_options options;
  options.limits.request_body = 1000;
  on_every_form(options, [](running_server& server) {
    wire_client client(server.port());
    client.send("POST /collect HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
    CHECK(client.read().status == 413);
    CHECK(server.probe().calls == 0);
    wire_client chunked(server.port());
    chunked.send("POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n");
    CHECK(chunked.read().status == 413);
    CHECK(server.probe().seen.saw("read failed: Message too long"));
  });
}

TEST_CASE("heads are limited by line, size and number of fields as the options say") {
  csgi::server_options options;
  options.limits.request_line = 100;
  options.limits.request_head = 400;
  options.limits.request_fields = 5;
  on_every_form(options, [](running_server& server) {
    const auto status_of = [&](const std::string& bytes) { return wire_client(server.port()).exchange(bytes).status; };
    CHECK(status_of(get("/" + std::string(100, 'a'))) == 414);
    CHECK(status_of(get("/hello", "A: " + std::string(400, 'a') + "\r\n")) == 431);
    CHECK(status_of(get("/hello", "A: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\n")) == 431);
    CHECK(status_of(get("/hello", "A: b\r\nA: b\r\nA: b\r\nA: b\r\n")) == 200);
  });
}

TEST_CASE("options that make no sense are refused by name") {
  for (const form& f : {all_forms()[0], all_forms()[4]}) {
    csgi::server_options options;
    options.root_path = "app/";
    CHECK_THROWS_WITH_AS(running_server(f, options), "root_path is empty, or begins with / and does not end with it", std::invalid_argument);
  }
}

}
