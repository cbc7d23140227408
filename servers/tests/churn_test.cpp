// churn_test.cpp - many clients do anything at any time, and the server is stopped in the middle of it.
#include "churn_app.hpp"
#include "running_server.hpp"
#include <cstdlib>
#include <doctest/doctest.h>
#include <memory>
#include <random>

using namespace csgi::tests;
using namespace std::chrono_literals;

#ifndef CSGI_CHURN_ROUNDS
#define CSGI_CHURN_ROUNDS 60
#endif

namespace {

constexpr int clients = 8;

/// Another seed where the environment gives one: for who looks for rare faults in a loop.
unsigned first_seed() {
  const char* const given = std::getenv("CSGI_CHURN_SEED");
  return given ? static_cast<unsigned>(std::atoi(given)) : 1;
}

/// What the clients of one round share.
struct round {
  std::uint16_t port = 0;
  std::atomic<int> steps{0};
  std::atomic<bool> stopping{false};
  witness wrong;
};

/// A request, and the answer that it has to get.
struct call {
  std::string bytes;
  int status;
  std::string body;
};

class client {
 public:
  client(round& r, unsigned seed) : round_(r), random_(seed) {}

  void run() {
    std::unique_ptr<wire_client> idle;
    try {
      connect();
      answered({get("/hello"), 200, ""});
      if (served_) idle = std::move(kept_);
      for (;;) {
        if (!kept_) connect();
        step();
        round_.steps.fetch_add(1);
        round_.steps.notify_all();
        if (round_.stopping) break;
      }
    } catch (const std::exception& e) {
      if (!round_.stopping) {
        round_.wrong.note(std::string(doing_) + ": " + e.what());
        round_.steps.fetch_add(1'000);    // the round ends
        round_.steps.notify_all();
      }
      kept_.reset();    // where it is in its stream, nobody knows
    }
    // The server's stop finds these, whatever it and they were doing. One that was not answered yet may not be the
    // server's: Linux forgets connections that are made while a listener closes.
    while (!round_.stopping) round_.stopping.wait(false);
    if (kept_ && served_) expect_end(*kept_, "the connection in use");
    if (idle) expect_end(*idle, "an idle connection");
  }

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  static std::string number(std::size_t n) { return '?' + std::to_string(n); }

  call any_call(unsigned most = 200'000) {
    const std::size_t size = below(below(4) == 0 ? most : 2'000);
    switch (below(8)) {
      case 0: return {get("/stream" + number(size)), 200, pattern(size)};
      case 1: return {get("/throw" + number(size)), 500, "500 Internal Server Error\n"};
      case 2: return {get("/nap" + number(size)), 200, pattern(size)};
      case 3: return {get("/elsewhere" + number(size)), 200, pattern(size)};
      case 4: return {request("POST", "/skip" + number(size), {}, pattern(1 + below(5'000))), 200, pattern(size)};
      case 5: {
        const std::string body = pattern(1 + below(30'000));
        return {request("POST", "/echo" + number(size), {}, body), 200, body};
      }
      default: return {get("/hello" + number(size)), 200, pattern(size)};
    }
  }

  void step() {
    struct deed {
      const char* name;
      void (client::*act)();
    };
    static constexpr deed deeds[] = {
        {"keep-alive", &client::keep_alive},     {"a pipeline", &client::pipeline},   {"half a request", &client::send_half},
        {"a slow body", &client::send_slowly},   {"leaving", &client::leave_early},   {"a half-close", &client::half_close},
        {"asking to close", &client::ask_to_close}};
    const deed& next = deeds[below(std::size(deeds))];
    doing_ = next.name;
    (this->*next.act)();
  }

  void connect() {
    kept_ = std::make_unique<wire_client>(round_.port);
    served_ = false;
  }

  void answered(const call& c) {
    kept_->send(c.bytes);
    expect(c);
  }

  /// The next response on the kept connection; where it is not whole, none follows.
  void expect(const call& c) {
    const reply r = kept_->read();
    served_ = true;
    if (r.whole) {
      const bool refused = r.status == 503 && round_.stopping;
      if (!refused && (r.status != c.status || r.body != c.body))
        round_.wrong.note(c.bytes.substr(0, c.bytes.find('\r')) + " got " + std::to_string(r.status) + ' ' +
                          std::to_string(r.body.size()));
      if (r.field("connection") != "close") return;
      if (!round_.stopping && c.bytes.find("Connection: close") == std::string::npos)
        round_.wrong.note("closed without a reason");
    } else if (!round_.stopping) {
      round_.wrong.note("a broken response to " + c.bytes.substr(0, c.bytes.find('\r')));
    }
    if (!kept_->closed()) round_.wrong.note("more than the last response");
    connect();
  }

  void keep_alive() {
    for (unsigned n = 1 + below(5); n > 0; --n) answered(any_call());
  }

  void pipeline() {
    std::vector<call> calls;
    std::string all;
    for (unsigned n = 2 + below(5); n > 0; --n) all += calls.emplace_back(any_call(2'000)).bytes;
    send_in_pieces(all);
    for (const call& c : calls) expect(c);
  }

  void send_half() {
    const call c = any_call();
    kept_->send(std::string_view(c.bytes).substr(0, below(static_cast<unsigned>(c.bytes.size()))));
    leave();
  }

  void send_slowly() {
    const std::string body = pattern(1 + below(20'000));
    std::string chunked;
    for (std::size_t at = 0; at < body.size();) {
      const auto part = std::string_view(body).substr(at, 1 + below(4'000));
      char size[20];
      std::snprintf(size, sizeof size, "%zx\r\n", part.size());
      chunked.append(size).append(part).append("\r\n");
      at += part.size();
    }
    const std::string last = std::to_string(below(10));
    const call c{"POST /echo?" + last + " HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked + "0\r\n\r\n", 200, body};
    send_in_pieces(c.bytes);
    expect(c);
  }

  void leave_early() {
    kept_->send(get("/stream" + number(1'000'000 + below(3'000'000))));
    if (below(2) == 0) kept_->read_through("\r\n\r\n");
    leave();
  }

  void half_close() {
    const call c = any_call();
    kept_->send(c.bytes);
    kept_->half_close();
    const reply r = kept_->read();
    if (r.whole && r.status != 503 && (r.status != c.status || r.body != c.body)) round_.wrong.note("wrong after a half-close");
    connect();
  }

  void ask_to_close() {
    const std::size_t size = below(1'000'000);
    answered({get("/whole" + number(size), "Connection: close\r\n"), 200, pattern(size)});
  }

  void leave() {
    if (below(2) == 0) kept_->reset();
    kept_.reset();
  }

  void send_in_pieces(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto part = bytes.substr(0, 1 + below(below(2) == 0 ? 100 : 10'000));
      kept_->send(part);
      bytes.remove_prefix(part.size());
      if (below(4) == 0) std::this_thread::yield();
    }
  }

  void expect_end(wire_client& connection, const char* which) {
    try {
      if (!connection.closed()) round_.wrong.note(std::string(which) + " was sent something");
    } catch (const std::exception& e) {
      round_.wrong.note(std::string(which) + ": " + e.what());
    }
  }

  round& round_;
  std::minstd_rand random_;
  std::unique_ptr<wire_client> kept_;
  bool served_ = false;
  const char* doing_ = "connecting";
};

std::vector<form> forms() {
  std::vector<form> forms = all_forms();
  forms.push_back({"threaded, both kinds", false, csgi::app_kind::composite, false, false});
  forms.push_back({"evented, both kinds", true, csgi::app_kind::composite, false, false, 2});
  return forms;
}

/// Serves, is stopped after some steps, and has ended when this returns.
void run_round(const form& f, unsigned seed) {
  std::minstd_rand random(seed);
  churn_app app(f.kind);
  csgi::chain wrapped{csgi::identity(), app};
  recorder said(f.logged);
  csgi::server_options options;
  options.port = 0;
  options.observer = &said;
  options.loops = f.loops;
  options.threads = 3;
  options.deadlines.farewell = 5ms;
  const auto server = make_server(f.evented, options);
  std::thread serving([&, served = f.behind_identity ? csgi::application(wrapped) : csgi::application(app)] { server->run(served); });
  REQUIRE(said.lines.saw("ready"));
  round shared;
  shared.port = server->port();
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < clients; ++i)
    threads.emplace_back([&shared, of = seed * 100 + i] { client(shared, of).run(); });
  const auto enough = static_cast<int>(random() % 60);
  for (int steps = 0; (steps = shared.steps.load()) < enough;) shared.steps.wait(steps);
  shared.stopping = true;
  server->stop();
  if (random() % 3 == 0) server->stop();
  shared.stopping.notify_all();
  serving.join();
  const int begun = app.begun, ended = app.ended;
  for (std::thread& t : threads) t.join();
  for (const std::string& what : shared.wrong.all()) FAIL_CHECK(what);
  CHECK(begun == ended);
}

}  // namespace

TEST_SUITE("churn") {

TEST_CASE("whatever clients do, every whole response is right, and a stop ends everything once") {
  for (const form& f : forms()) {
    INFO(f.name);
    for (unsigned i = 0; i < CSGI_CHURN_ROUNDS; ++i) {
      CAPTURE(i);
      run_round(f, first_seed() * 1'000 + i);
    }
  }
}

}
