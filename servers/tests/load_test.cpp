// load_test.cpp - many connections, slow readers, full queues: nobody starves, and memory is bounded.
#include "running_server.hpp"
#include <algorithm>
#include <atomic>
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

csgi::server_options with_patience(unsigned threads, std::chrono::milliseconds for_a_thread) {
  csgi::server_options options = with_threads(threads);
  options.deadlines.queue = for_a_thread;
  return options;
}

bool queues(const form& f) { return !f.evented || f.kind == csgi::app_kind::blocking; }

/// So many requests that hold a thread each, until the probe's door is opened.
clients hold_threads(running_server& server, std::size_t count) {
  clients held = connect(server, count);
  for (const auto& c : held) c->send(get("/hold"));
  while (server.probe().seen.count("held") < count) std::this_thread::yield();
  return held;
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

TEST_CASE("CSGI-HTTP-141: a request that waits too long for a thread is answered 503 without its app, and its client may ask again") {
  for (const form& f : all_forms()) {
    if (!queues(f)) continue;
    INFO(f.name);
    running_server server(f, with_patience(2, 200ms));
    const clients held = hold_threads(server, 2), waiting = connect(server, 3);
    for (int round = 0; round < 2; ++round) {
      for (const auto& c : waiting) c->send(get("/hello"));
      for (const auto& c : waiting) {
        const reply r = c->read();
        CHECK(r.status == 503);
        CHECK(r.field("retry-after") == "1");
        CHECK_FALSE(r.has("connection"));
      }
    }
    CHECK(server.probe().calls == 2);
    CHECK(server.server().load().queued == 0);
    server.probe().door.open();
    for (const auto& c : held) CHECK(c->read().body == "held");
    for (const auto& c : waiting) CHECK(c->exchange(get("/hello")).body == "Hello\n");
  }
}

TEST_CASE("CSGI-HTTP-141: what runs has all the time that it needs, and who waits gets its thread within the time for that") {
  for (const form& f : all_forms()) {
    if (!queues(f)) continue;
    INFO(f.name);
    running_server server(f, with_patience(1, 1s));
    const clients both = connect(server, 2);
    both[0]->send(get("/nap?600"));
    server.probe().seen.saw("napping");
    both[1]->send(get("/nap?600"));
    for (const auto& c : both) CHECK(c->read().body == "rested");
  }
}

TEST_CASE("without a deadline for it, a request waits for a thread until there is one") {
  for (const form& f : all_forms()) {
    if (!queues(f)) continue;
    INFO(f.name);
    csgi::server_options options = with_patience(1, 0ms);
    options.deadlines.first_byte = 300ms;
    running_server server(f, options);
    const clients held = hold_threads(server, 1);
    wire_client client(server.port());
    client.send(get("/hello"));
    while (server.server().load().queued != 1) std::this_thread::yield();
    wire_client silent(server.port());
    CHECK(silent.closed());           // deadlines have been looked at
    CHECK_FALSE(client.readable());
    server.probe().door.open();
    CHECK(client.read().body == "Hello\n");
  }
}

TEST_CASE("clients that go while they wait for a thread are forgotten when their time is over") {
  for (const form& f : all_forms()) {
    if (!queues(f)) continue;
    INFO(f.name);
    running_server server(f, with_patience(1, 200ms));
    const clients held = hold_threads(server, 1);
    clients leaving = connect(server, 4);
    for (const auto& c : leaving) c->send(get("/hello"));
    while (server.server().load().queued != 4) std::this_thread::yield();
    for (std::size_t i = 0; i < 2; ++i) leaving[i]->reset();
    leaving.clear();
    while (server.server().load().connections != 1) std::this_thread::yield();
    server.probe().door.open();
    CHECK(held[0]->read().body == "held");
    CHECK(server.probe().calls == 1);
  }
}

TEST_CASE("a server that stops answers those that have waited too long for a thread, and closes their connections") {
  for (const form& f : all_forms()) {
    if (!queues(f)) continue;
    INFO(f.name);
    running_server server(f, with_patience(1, 400ms));
    const clients held = hold_threads(server, 1);
    wire_client waiting(server.port());
    waiting.send(get("/hello"));
    while (server.server().load().queued != 1) std::this_thread::yield();
    server.server().stop();
    const reply r = waiting.read();
    CHECK(r.status == 503);
    CHECK(r.field("connection") == "close");
    CHECK(waiting.closed());
    waiting.end();
    server.probe().door.open();
    CHECK(held[0]->read().body == "held");
    server.join();
    CHECK(server.probe().calls == 1);
  }
}

TEST_CASE("CSGI-HTTP-128: a request that waits for a thread when the grace time is over is answered 503, and its app not called") {
  for (const form& f : all_forms()) {
    if (!queues(f)) continue;
    INFO(f.name);
    running_server server(f, with_threads(1));
    wire_client napping(server.port()), waiting(server.port());
    napping.send(get("/nap?3600000"));
    server.probe().seen.saw("napping");
    waiting.send(get("/hello"));
    while (server.server().load().queued != 1) std::this_thread::yield();
    for (int i = 0; i < 2; ++i) server.server().stop();
    CHECK(waiting.read().status == 503);
    CHECK(waiting.closed());
    server.join();
    CHECK(server.probe().calls == 1);
  }
}

TEST_CASE("a request is either run or given up, however close its deadline is") {
  for (const form& f : all_forms()) {
    if (!queues(f)) continue;
    INFO(f.name);
    running_server server(f, with_patience(2, 100ms));
    std::atomic<int> served{0}, given_up{0}, others{0};
    std::vector<std::jthread> askers;
    for (int i = 0; i < 10; ++i)
      askers.emplace_back([&] {
        wire_client client(server.port());
        for (int n = 0; n < 10; ++n) {
          const int status = client.exchange(get("/nap?30")).status;
          ++(status == 200 ? served : status == 503 ? given_up : others);
        }
      });
    askers.clear();
    CHECK(served + given_up == 100);
    CHECK(others == 0);
    CHECK(given_up > 0);
    CHECK(server.probe().calls == served);
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
