// responses_test.cpp - well-formed requests over real sockets, on both servers, with both kinds of app.
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
  }
}

std::string pattern_of(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('A' + i % 57);
  return bytes;
}

}  // namespace

TEST_SUITE("responses") {

TEST_CASE("a response has the app's status and fields, a date, and a length") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    const reply r = client.exchange(get("/hello"));
    CHECK(r.status == 200);
    CHECK(r.reason == "OK");
    CHECK(r.field("content-type") == "text/plain");
    CHECK(r.field("content-length") == "6");
    CHECK(r.has("date"));
    CHECK(r.field("server") == "csgi");
    CHECK_FALSE(r.has("connection"));
    CHECK(r.body == "Hello\n");
  });
}

TEST_CASE("all forms answer the same bytes but for Date") {
  std::vector<std::string> answers;
  on_every_form([&](running_server& server) {
    std::string all;
    for (const char* path : {"/hello", "/status?404", "/stream?100000", "/whole?200000", "/throw-before", "/misused"}) {
      wire_client client(server.port());
      client.send(get(path, "Connection: close\r\n"));
      std::string bytes = client.read_to_end();
      const auto date = bytes.find("Date: ");
      REQUIRE(date != std::string::npos);
      all += bytes.erase(date, bytes.find("\r\n", date) - date);
    }
    answers.push_back(all);
  });
  // Chunks may be cut where the transport was full, never otherwise: the probe's writes fit.
  for (const auto& a : answers) CHECK(a == answers.front());
}

TEST_CASE("HEAD gets the head of GET and nothing else, and the connection goes on") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    const reply head = client.exchange(request("HEAD", "/hello", ""), "HEAD");
    CHECK(head.field("content-length") == "6");
    const reply next = client.exchange(get("/hello"));
    CHECK(next.body == "Hello\n");
  });
}

TEST_CASE("204 and 304 have neither body nor length") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    for (const char* path : {"/status?204", "/status?304"}) {
      const reply r = client.exchange(get(path));
      CHECK_FALSE(r.has("transfer-encoding"));
      if (r.status == 204) CHECK_FALSE(r.has("content-length"));
    }
    CHECK(client.exchange(get("/hello")).body == "Hello\n");
  });
}

TEST_CASE("a body of unknown length is chunked in HTTP/1.1 and ends with the connection in HTTP/1.0") {
  on_every_form([](running_server& server) {
    wire_client modern(server.port());
    const reply chunked = modern.exchange(get("/stream?150000"));
    CHECK(chunked.field("transfer-encoding") == "chunked");
    CHECK(chunked.body.size() == 150000);
    CHECK(chunked.whole);
    wire_client old(server.port());
    const reply plain = old.exchange("GET /stream?150000 HTTP/1.0\r\n\r\n");
    CHECK_FALSE(plain.has("transfer-encoding"));
    CHECK(plain.field("connection") == "close");
    CHECK(plain.body.size() == 150000);
  });
}

TEST_CASE("HTTP/1.0 keeps the connection only when asked and when the length is known") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    const reply kept = client.exchange("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(kept.field("connection") == "keep-alive");
    const reply last = client.exchange("GET /hello HTTP/1.0\r\n\r\n");
    CHECK(last.body == "Hello\n");
    CHECK(client.closed());
  });
}

TEST_CASE("Connection: close is honoured, said, and nothing after it is served") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send(get("/hello", "Connection: foo, Close\r\n") + get("/hello"));
    const reply r = client.read();
    CHECK(r.field("connection") == "close");
    CHECK(client.read_to_end().empty());
    CHECK(server.probe().calls == 1);
  });
}

TEST_CASE("a request may come byte by byte") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send_slowly(request("POST", "/echo", "X-A: b\r\n", "slow body"));
    CHECK(client.read().body == "slow body");
    client.send_slowly("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nslow\r\n1;x=y\r\n!\r\n0\r\nT: v\r\n\r\n");
    CHECK(client.read().body == "slow!");
  });
}

TEST_CASE("pipelined requests are answered in order") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    std::string many;
    for (int i = 0; i < 50; ++i) many += request("POST", "/collect", "", "body " + std::to_string(i)) + get("/hello");
    client.send(many);
    for (int i = 0; i < 50; ++i) {
      CHECK(client.read().body == "body " + std::to_string(i));
      CHECK(client.read().body == "Hello\n");
    }
  });
}

TEST_CASE("a response is not held back while the next pipelined request is at work") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send(get("/hello") + get("/nap?60000"));
    CHECK(client.read().body == "Hello\n");
    CHECK(server.probe().seen.saw("napping"));
    server.server().stop();
    server.server().stop();
  });
}

TEST_CASE("a body is streamed back while it arrives") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nfirst");
    CHECK(client.read_through("first\r\n").ends_with("5\r\nfirst\r\n"));
    client.send("secnd");
    CHECK(client.read_through("0\r\n\r\n") == "5\r\nsecnd\r\n0\r\n\r\n");
  });
}

TEST_CASE("a large body passes unchanged in both directions") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    const std::string body = pattern_of(300'000);
    CHECK(client.exchange(request("POST", "/collect", "", body)).body == body);
    const reply r = client.exchange(get("/whole?3000000"));
    CHECK(r.whole);
    CHECK(r.body.size() == 3'000'000);
  });
}

TEST_CASE("100 Continue is sent once, when the app first reads") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send("POST /collect HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 4\r\n\r\n");
    CHECK(client.read_through("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("body");
    CHECK(client.read().body == "body");
    CHECK(client.exchange(get("/hello")).body == "Hello\n");
  });
}

TEST_CASE("a client that waits for 100 gets the final response alone when the app does not read") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send("POST /ignore-body HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    const std::string answer = client.read_to_end();
    CHECK(answer.starts_with("HTTP/1.1 200"));
    CHECK(answer.find("Connection: close") != std::string::npos);
  });
}

TEST_CASE("an unread body is skipped, and the next request is served") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    const std::string body = pattern_of(100'000);
    client.send(request("POST", "/ignore-body", "", body) + get("/hello"));
    CHECK(client.read().body == "ignored");
    CHECK(client.read().body == "Hello\n");
  });
}

TEST_CASE("after a large unread body the response still arrives, and the connection ends") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send("POST /ignore-body HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n");
    client.send(pattern_of(200'000));
    const reply r = client.read();
    CHECK(r.body == "ignored");
    CHECK(r.field("connection") == "close");
    client.half_close();
    CHECK(client.closed());
  });
}

TEST_CASE("a client that closes its sending side still gets the response") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send(request("POST", "/collect", "", "last words"));
    client.half_close();
    CHECK(client.read().body == "last words");
    CHECK(client.closed());
  });
}

TEST_CASE("a flush sends the head at once") {
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    client.send("POST /flushed HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n");
    CHECK(client.read_through("\r\n\r\n").starts_with("HTTP/1.1 200"));
    client.send("x");
    CHECK(client.read_through("0\r\n\r\n").starts_with("1\r\nx\r\n"));
  });
}

TEST_CASE("a root path is matched at a segment's boundary") {
  csgi::server_options options;
  options.root_path = "/app";
  on_every_form([](running_server& server) {
    wire_client client(server.port());
    CHECK(client.exchange(get("/app/hello")).body == "Hello\n");
    CHECK(client.exchange(get("/apple/hello")).status == 404);
    CHECK(client.exchange(get("/hello")).status == 404);
    CHECK(server.probe().calls == 1);
  }, options);
}

TEST_CASE("every response is in the access log once") {
  on_every_form([](running_server& server) {
    if (!server.said().wants_access()) return;
    wire_client client(server.port());
    client.exchange(get("/hello"));
    client.exchange("nonsense\r\n\r\n");
    CHECK(server.said().accesses.saw("GET /hello 200 6"));
    CHECK(server.said().accesses.saw("  400 16"));
  });
}

}
