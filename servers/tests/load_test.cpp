// load_test.cpp - many connections, slow readers, full queues: nobody starves, and memory is bounded.
#include "running_server.hpp"
#include <algorithm>
#include <doctest/doctest.h>
#include <memory>

using namespace csgi::tests;
using namespace std::chrono_literals;

namespace {

using clients = std::vector<std::unique_ptr<wire_client>>;

clients connect(running_server& server, std::size_t count) {
  clients all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(std::make_unique<wire_client>(server.port()));
  return all;
}

csgi::server_options with_threads(unsigned threads, std::size_t queue = 1024) {
  csgi::server_options options;
  options.threads = threads;
  options.queue = queue;
  return options;
}

}  // namespace

TEST_SUITE("load") {

TEST_CASE("idle connections and half-sent heads hold no thread") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f, with_threads(2));
    const clients idle = connect(server, 100), slow = connect(server, 100);
    for (const auto& c : slow) c->send("GET /hello HTTP/1.1\r\nHost: x\r\n");
    wire_client client(server.port());
    CHECK(client.exchange(get("/hello")).body == "Hello\n");
    for (const auto& c : slow) c->send("\r\n");
    for (const auto& c : slow) CHECK(c->read().body == "Hello\n");
    for (const auto& c : idle) CHECK(c->exchange(get("/hello")).body == "Hello\n");
  }
}

TEST_CASE("finished responses that clients take slowly hold no thread") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f, with_threads(2));
    const clients slow = connect(server, 10);
    for (const auto& c : slow) {
      c->receive_buffer(32 * 1024);
      c->send(get("/whole?900000"));
    }
    wire_client client(server.port());
    CHECK(client.exchange(get("/hello")).body == "Hello\n");
    for (const auto& c : slow) CHECK(c->read().body.size() == 900000);
  }
}

TEST_CASE("a client that pipelines and does not read is not read from either") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f);
    wire_client client(server.port());
    client.receive_buffer(4096);
    std::string block;
    while (block.size() < 60'000) block += get("/whole?20000");
    const auto sent = client.send_until_blocked(block, 50'000'000);
    CHECK(sent < 50'000'000);
    wire_client other(server.port());
    CHECK(other.exchange(get("/hello")).body == "Hello\n");
  }
}

TEST_CASE("when all threads and the queue are taken, the answer is 503 at once") {
  for (const form& f : all_forms()) {
    if (f.evented && f.kind == csgi::app_kind::async) continue;   // no thread is held there
    INFO(f.name);
    running_server server(f, with_threads(2, 1));
    const clients held = connect(server, 2), more = connect(server, 4);
    for (std::size_t i = 0; i < held.size(); ++i) {
      held[i]->send(get("/hold"));
      while (server.probe().seen.count("held") <= i) std::this_thread::yield();
    }
    for (const auto& c : more) c->send(get("/hold"));
    // One of them waits in the queue; the others are answered while all threads are held.
    const auto answered = [&] { return std::count_if(more.begin(), more.end(), [](const auto& c) { return c->readable(); }); };
    while (answered() < 3) std::this_thread::yield();
    server.probe().door.open();
    for (const auto& c : more) {
      const reply r = c->read();
      if (r.status == 503) CHECK(r.field("retry-after") == "1");
      else CHECK(r.body == "held");
    }
    for (const auto& c : held) CHECK(c->read().body == "held");
  }
}

TEST_CASE("CSGI-SERVER-026: a server tells what it has to do") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    running_server server(f, with_threads(2));
    const auto load = [&] { return server.server().load(); };
    const clients held = connect(server, 3);
    for (const auto& c : held) CHECK(c->exchange(get("/hello")).body == "Hello\n");
    CHECK(load().connections == 3);
    CHECK_FALSE(load().draining);
    for (const auto& c : held) c->send(get("/hold"));
    if (f.evented && f.kind == csgi::app_kind::async) {     // its loop is held
      while (load().lag < 150ms) std::this_thread::yield();
    } else {
      while (server.probe().seen.count("held") < 2 || load().queued != 1) std::this_thread::yield();
      CHECK(load().threads == 2);
      CHECK(load().busy_threads == 2);
    }
    server.probe().door.open();
    for (const auto& c : held) CHECK(c->read().body == "held");
    server.stop();
    CHECK(load().draining);
    CHECK(load().connections == 0);
  }
}

TEST_CASE("CSGI-HTTP-125: a connection beyond the limit is answered 503, those within are served on, and one that ends makes room") {
  for (const form& f : all_forms()) {
    INFO(f.name);
    csgi::server_options options;
    options.limits.connections = 3;
    running_server server(f, options);
    clients in = connect(server, 3);
    for (const auto& c : in) CHECK(c->exchange(get("/hello")).status == 200);
    for (int i = 0; i < 3; ++i) {
      wire_client beyond(server.port());
      const reply r = beyond.exchange(get("/hello"));
      CHECK(r.status == 503);
      CHECK(r.field("retry-after") == "1");
      CHECK(r.field("connection") == "close");
    }
    for (const auto& c : in) CHECK(c->exchange(get("/hello")).body == "Hello\n");
    in.pop_back();
    while (server.server().load().connections == 3) std::this_thread::yield();
    wire_client next(server.port());
    CHECK(next.exchange(get("/hello")).status == 200);
  }
}
}
