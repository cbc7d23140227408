// uploads_test.cpp - bodies that come slowly: their clients do not get all threads, and nobody waits for them.
#include "running_server.hpp"
#include <doctest/doctest.h>
#include <memory>

using namespace csgi::tests;
using namespace std::chrono_literals;

namespace {

using clients = std::vector<std::unique_ptr<wire_client>>;

constexpr std::string_view chunked_post = "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string post_of_length(std::size_t length) {
  return "POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

bool lends_threads(const form& f) { return !f.evented || f.kind == csgi::app_kind::blocking; }

/// Of four threads two have uploads.
struct slow_uploads {
  explicit slow_uploads(const form& f, csgi::server_options options = {}) : server(f, with_four_threads(options)) {
    for (int i = 0; i < 2; ++i) {
      first.push_back(std::make_unique<wire_client>(server.port()));
      first.back()->send(post_of_length(4) + "a");
    }
    while (lends_threads(f) && server.server().load().busy_threads < 2) std::this_thread::yield();
  }

  void end_first() {
    for (const auto& c : first) {
      c->send("bcd");
      CHECK(c->read("POST").body == "4");
    }
  }

  running_server server;
  clients first;

 private:
  static csgi::server_options with_four_threads(csgi::server_options options) {
    options.threads = 4;
    return options;
  }
};

}  // namespace

TEST_SUITE("uploads") {
TEST_CASE("CSGI-HTTP-142: however many send their bodies slowly, others get a thread") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    slow_uploads slow(f);
    clients more;
    for (int i = 0; i < 40; ++i) {
      more.push_back(std::make_unique<wire_client>(slow.server.port()));
      more.back()->send(i % 2 == 0 ? post_of_length(4) + "a" : std::string(chunked_post) + "2\r\nab\r\n");
    }
    wire_client client(slow.server.port());
    for (int i = 0; i < 10; ++i) {
      CHECK(client.exchange(get("/hello")).body == "Hello\n");
      CHECK(client.exchange(post_of_length(4) + "abcd", "POST").body == "4");
    }
    // Whose body is whole, whenever it came, waits for nobody.
    for (std::size_t i = 0; i < more.size(); ++i) {
      more[i]->send(i % 2 == 0 ? "bcd" : "2\r\ncd\r\n0\r\n\r\n");
      CHECK(more[i]->read("POST").body == "4");
    }
    slow.end_first();
  }
}

TEST_CASE("where there are threads for it, an app runs before its body is whole, also when others have waited for that") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    slow_uploads slow(f);
    wire_client gathered(slow.server.port()), client(slow.server.port());
    gathered.send(post_of_length(4) + "a");
    CHECK(client.exchange(get("/hello")).body == "Hello\n");
    slow.end_first();
    client.send("POST /ignore-body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\na");
    CHECK(client.read("POST").status == 200);
    gathered.send("bcd");
    CHECK(gathered.read("POST").body == "4");
  }
}

TEST_CASE("CSGI-HTTP-142: a large body waits for others to end, and its client is told when that takes too long") {
  constexpr std::size_t large = 500'000;
  for (const form& f : all_forms()) {
    if (!lends_threads(f)) continue;
    INFO(f.name);
    {
      slow_uploads slow(f);
      wire_client client(slow.server.port());
      client.send(post_of_length(large) + std::string(100'000, 'x'));
      while (slow.server.server().load().queued != 1) std::this_thread::yield();
      CHECK(wire_client(slow.server.port()).exchange(get("/hello")).body == "Hello\n");
      slow.end_first();
      client.send(std::string(large - 100'000, 'x'));
      CHECK(client.read("POST").body == std::to_string(large));
    }
    csgi::server_options impatient;
    impatient.deadlines.queue = 300ms;
    slow_uploads slow(f, impatient);
    wire_client client(slow.server.port());
    client.send(post_of_length(large) + std::string(100'000, 'x'));
    CHECK(client.read("POST").status == 503);
    CHECK(wire_client(slow.server.port()).exchange(get("/hello")).body == "Hello\n");
    slow.end_first();
    CHECK(slow.server.probe().calls == 3);
  }
}

TEST_CASE("CSGI-HTTP-142: who waits to be asked for a body waits for a thread, too") {
  for (const form& f : all_forms()) {
    if (!lends_threads(f)) continue;
    INFO(f.name);
    slow_uploads slow(f);
    wire_client client(slow.server.port());
    client.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    while (slow.server.server().load().queued != 1) std::this_thread::yield();
    CHECK_FALSE(client.readable());
    slow.end_first();
    CHECK(client.read_through("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("abcd");
    CHECK(client.read("POST").body == "4");
  }
}

TEST_CASE("CSGI-HTTP-142: uploads that wait take nobody's place in the queue") {
  for (const form& f : all_forms()) {
    if (!lends_threads(f)) continue;
    INFO(f.name);
    csgi::server_options options;
    options.queue = 4;
    slow_uploads slow(f, options);
    clients more;
    for (int i = 0; i < 20; ++i) {
      more.push_back(std::make_unique<wire_client>(slow.server.port()));
      more.back()->send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    }
    wire_client client(slow.server.port());
    for (int i = 0; i < 10; ++i) {
      CHECK(client.exchange(get("/hello")).body == "Hello\n");
      CHECK(client.exchange(post_of_length(4) + "abcd", "POST").body == "4");
    }
    slow.end_first();
  }
}

TEST_CASE("CSGI-HTTP-142: one thread is kept from no others by a body that is small") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    csgi::server_options options;
    options.threads = 1;
    running_server server(f, options);
    wire_client slow(server.port()), client(server.port());
    slow.send(post_of_length(4) + "a");
    for (int i = 0; i < 10; ++i) CHECK(client.exchange(get("/hello")).body == "Hello\n");
    slow.send("bcd");
    CHECK(slow.read("POST").body == "4");
  }
}

TEST_CASE("CSGI-HTTP-121: a body that stops coming while threads are scarce is answered 408") {
  for (const form& f : all_forms()) {
    if (!lends_threads(f)) continue;
    INFO(f.name);
    csgi::server_options options;
    options.threads = 2;
    options.deadlines.body = 400ms;
    running_server server(f, options);
    clients slow;
    for (int i = 0; i < 5; ++i) {
      slow.push_back(std::make_unique<wire_client>(server.port()));
      slow.back()->send("POST /collect HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\na");
    }
    for (const auto& c : slow) {
      const reply r = c->read("POST");
      CHECK(r.status == 408);
      CHECK(r.field("connection") == "close");
      CHECK(c->closed());
    }
  }
}

TEST_CASE("a server that stops waits for bodies until its grace time is over") {
  for (const form& f : all_forms()) {
    if (!lends_threads(f)) continue;
    INFO(f.name);
    csgi::server_options options;
    options.deadlines.grace = 1s;
    slow_uploads slow(f, options);
    wire_client whole(slow.server.port()), late(slow.server.port()), marker(slow.server.port());
    for (wire_client* const each : {&whole, &late}) each->send(post_of_length(4) + "a");
    CHECK(marker.exchange(get("/hello")).body == "Hello\n");
    slow.server.server().stop();
    CHECK(marker.closed());    // a loop learns that it stops between two reads: it may still read first what is sent at once
    whole.send("bcd");
    const reply r = whole.read("POST");
    CHECK(r.body == "4");
    CHECK(r.field("connection") == "close");
    CHECK(late.read("POST").status == 503);
    CHECK(late.closed());
    slow.server.join();
    CHECK(slow.server.probe().calls == 4);
  }
}
}
