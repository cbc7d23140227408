// app_faults_test.cpp - what a server makes of apps that throw, stop half-way, or lie about lengths.
#include "running_server.hpp"
#include <doctest/doctest.h>

using namespace csgi::tests;

namespace {

template <class Test>
void on_every_form(Test test) {
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f);
    test(server);
    wire_client after(server.port());
    CHECK(after.exchange(get("/hello")).body == "Hello\n");   // the server lives on
  }
}

std::string answer_to(running_server& server, std::string_view path) {
  wire_client client(server.port());
  client.send(get(path, "Connection: close\r\n"));
  return client.read_to_end();
}

}  // namespace

TEST_SUITE("app faults") {

TEST_CASE("an app that throws before its response is answered 500, without a word of what it threw") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    const reply r = client.exchange(get("/throw-before"));
    CHECK(r.status == 500);
    CHECK(r.field("content-type").starts_with("text/plain"));
    CHECK(r.body.find("secret") == std::string::npos);
    CHECK(client.exchange(get("/hello")).body == "Hello\n");
    CHECK(server.said().lines.saw("probe: GET /throw-before: threw a secret\\x0aof the app"));
  });
}

TEST_CASE("a head that was started and not sent is replaced by the 500") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    const reply r = client.exchange(get("/throw-started"));
    CHECK(r.status == 500);
    CHECK_FALSE(r.has("x-lost"));
  });
}

TEST_CASE("anything thrown is handled like an exception") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    CHECK(client.exchange(get("/throw-42")).status == 500);
    CHECK(server.said().lines.saw("probe: GET /throw-42: threw something that is not a std::exception"));
  });
}

TEST_CASE("an app that ends without a response is answered 500") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    CHECK(client.exchange(get("/silent")).status == 500);
    CHECK(client.exchange(get("/started")).status == 500);
    CHECK(server.said().lines.saw("probe: GET /silent: ended without a response"));
  });
}

TEST_CASE("a response that breaks off in the middle never looks whole") {
  on_every_form([](running_server& server) {
    for (const char* path : {"/throw-committed", "/unfinished", "/aborted"}) {
      INFO(std::string(path));
      const std::string bytes = answer_to(server, path);
      CHECK(bytes.find("part") != std::string::npos);
      CHECK_FALSE(bytes.ends_with("0\r\n\r\n"));
      CHECK(bytes.find("500") == std::string::npos);
    }
    CHECK(server.said().lines.saw("probe: GET /throw-committed: threw a secret in the middle of its response"));
    CHECK(server.said().lines.saw("probe: GET /unfinished: ended without finishing its response"));
  });
}

TEST_CASE("a response that would end with the connection is reset when it breaks off") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send("GET /throw-committed HTTP/1.0\r\n\r\n");
    client.read_to_end();
    CHECK(client.was_reset());
  });
}

TEST_CASE("what is thrown after a whole response is logged and changes nothing") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    CHECK(client.exchange(get("/throw-finished")).body == "whole");
    CHECK(client.exchange(get("/hello")).body == "Hello\n");
    CHECK(server.said().lines.saw("probe: GET /throw-finished: threw too late after it had finished its response"));
  });
}

TEST_CASE("more bytes than the declared length are refused, and the right ones may follow") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    CHECK(client.exchange(get("/too-much")).body == "five!");
    CHECK(server.probe().seen.saw("refused"));
  });
}

TEST_CASE("fewer bytes than the declared length break the connection, and the app is told") {
  on_every_form([](running_server& server) {
    const std::string bytes = answer_to(server, "/too-little");
    CHECK_FALSE(bytes.ends_with("short"));
    CHECK(server.probe().seen.saw("refused"));
  });
}

TEST_CASE("calls out of turn are refused and leave the response as it was") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    const reply r = client.exchange(get("/misused"));
    CHECK(r.status == 200);
    CHECK(r.has("x-second"));
    CHECK(r.body == "xy");
    for (const char* what : {"write before start", "line break in a value", "no token", "own framing", "status",
                             "start after commit", "write after finish"})
      CHECK(server.probe().seen.saw(what));
  });
}

TEST_CASE("finish hooks run once, last added first, after the client has everything, with the outcome") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    CHECK(client.exchange(get("/hooked")).body == "12345");
    REQUIRE(server.probe().seen.saw("hook 1 200 5 whole"));
    CHECK(server.probe().seen.all() == std::vector<std::string>{"hook 3 200 5 whole", "hook 2 200 5 whole", "hook 1 200 5 whole"});
    CHECK(client.exchange(get("/hooked?throw")).status == 500);
    CHECK(server.probe().seen.saw("hook 1 500 26 whole"));
    answer_to(server, "/hooked?abort");
    CHECK(server.probe().seen.saw("hook 1 200 4 aborted"));
    CHECK(server.probe().seen.count("hook 2 200 4 aborted") == 1);
  });
}

}
