// chains_test.cpp - stages of one kind around apps of the other, on both servers.
#include "running_server.hpp"
#include <csgi/as_blocking.hpp>
#include <csgi/async_websocket.hpp>
#include <csgi/chain.hpp>
#include <csgi/middleware/errors.hpp>
#include <csgi/middleware/gzip.hpp>
#include <csgi/middleware/timeout.hpp>
#include <csgi/sleep.hpp>
#include <doctest/doctest.h>
#include <functional>
#include <latch>

using namespace csgi;
using namespace csgi::tests;
using namespace std::chrono_literals;

namespace {

/// A server of either design with that app; ended at the end.
class served {
 public:
  served(bool evented, application app, server_options options = {}) {
    options.port = 0;
    options.observer = &said;
    server_ = make_server(evented, options);
    thread_ = std::thread([this, app] { server_->run(app); });
    if (!said.lines.saw("ready")) throw std::runtime_error("the server is not ready");
  }
  ~served() { stop(); }
  std::uint16_t port() const { return server_->port(); }
  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    server_->stop();
    thread_.join();
  }

  recorder said{false};

 private:
  std::unique_ptr<csgi::server> server_;
  std::thread thread_;
};

void on_both(const std::function<void(bool evented)>& f) {
  for (const bool evented : {false, true}) {
    INFO(std::string(evented ? "evented" : "threaded"));
    f(evented);
  }
}

/// Blocking only: blocks until two requests are in it at the same time, if they ask for that.
struct meeting {
  void operator()(blocking_exchange ex, next_app app) const {
    if (ex.head().query == "meet") both->arrive_and_wait();
    app(ex);
  }
  std::latch* both;
};

struct blocking_pass {
  void operator()(blocking_exchange ex, next_app app) const { app(ex); }
};

/// Async only: waits for a timer before and after.
struct pausing {
  static constexpr auto kinds = stage_kinds::async;
  task<> operator()(async_exchange ex, next_app app) const {
    co_await ex.sleep_for(1ms);
    co_await app(ex);
    co_await ex.sleep_for(1ms);
  }
};

const std::string large(300'000, 'x');

/// Whatever is around the probe, it answers as it does alone.
void check_probe(bool evented, application app, probe& p) {
  served server(evented, app);
  wire_client client(server.port());
  CHECK(client.exchange(get("/hello")).body == "Hello\n");
  CHECK(client.exchange(tests::request("POST", "/echo", {}, large)).body == large);
  CHECK(client.exchange(get("/stream?300000")).body.size() == 300'000);
  CHECK(client.exchange(get("/hooked")).status == 200);
  CHECK(p.seen.saw("hook 1 200 5 whole"));
  CHECK(client.exchange(get("/throw-before")).status == 500);
  {
    wire_client leaving(server.port());
    leaving.send(get("/until-gone"));
    REQUIRE(p.seen.saw("waiting"));
  }
  CHECK(p.seen.saw("gone"));
  wire_client stays(server.port());
  stays.send(get("/nap?3600000"));
  REQUIRE(p.seen.saw("napping"));
  server.stop();
  CHECK(p.seen.saw("stopped"));
}

}  // namespace

TEST_SUITE("chains") {

TEST_CASE("a blocking stage around an async app") {
  on_both([](bool evented) {
    probe p;
    async_probe app(p);
    chain whole{blocking_pass(), app};
    check_probe(evented, whole, p);
  });
}

TEST_CASE("an async stage around a blocking app") {
  on_both([](bool evented) {
    probe p;
    blocking_probe app(p);
    chain whole{pausing(), app};
    check_probe(evented, whole, p);
  });
}

TEST_CASE("an async stage around a blocking one around an async app") {
  on_both([](bool evented) {
    probe p;
    async_probe app(p);
    chain whole{pausing(), identity(), blocking_pass(), identity(), app};
    check_probe(evented, whole, p);
  });
}

TEST_CASE("a composite's answers of either kind pass the same stages") {
  on_both([](bool evented) {
    probe p;
    async_probe async(p);
    blocking_probe blocking(p);
    mount_table table{async};
    table.mount("/blocking", blocking);
    chain whole{errors(), blocking_pass(), identity(), table};
    served server(evented, whole);
    wire_client client(server.port());
    CHECK(client.exchange(tests::request("POST", "/echo", {}, large)).body == large);
    CHECK(client.exchange(tests::request("POST", "/blocking/echo", {}, large)).body == large);
    CHECK(client.exchange(get("/throw-before")).status == 500);
    const std::string fault = " threw std::runtime_error: a secret\\x0aof the app";
    CHECK(server.said.lines.count("app: GET /throw-before: csgi::tests::async_probe" + fault) == 1);
    CHECK(client.exchange(get("/blocking/throw-before")).status == 500);
    CHECK(server.said.lines.count("app: GET /blocking/throw-before: csgi::tests::blocking_probe" + fault) == 1);
  });
}

TEST_CASE("requests block in a stage beside each other, and others pass") {
  on_both([](bool evented) {
    probe p;
    async_probe app(p);
    std::latch both(3);
    chain whole{meeting{&both}, app};
    served server(evented, whole);
    wire_client one(server.port()), two(server.port()), other(server.port());
    one.send(get("/hello?meet"));
    two.send(get("/hello?meet"));
    for (int i = 0; i < 5; ++i) CHECK(other.exchange(get("/hello")).body == "Hello\n");
    other.send(get("/hello?meet"));
    for (auto* each : {&one, &two, &other}) CHECK(each->read().body == "Hello\n");
  });
}

TEST_CASE("startup and shutdown reach the app at the end, once") {
  struct living final : blocking_app {
    explicit living(witness& w) : seen(w) {}
    void http(blocking_exchange ex) override { ex.respond(200, "text/plain", "alive\n"); }
    void startup(server_context&) override { seen.note("startup"); }
    void draining() noexcept override { seen.note("draining"); }
    void shutdown() override { seen.note("shutdown"); }
    witness& seen;
  };
  on_both([](bool evented) {
    witness seen;
    living app(seen);
    chain whole{pausing(), blocking_pass(), app};
    served server(evented, whole);
    wire_client client(server.port());
    CHECK(client.exchange(get("/")).body == "alive\n");
    server.stop();
    CHECK(seen.all() == std::vector<std::string>{"startup", "draining", "shutdown"});
  });
}

TEST_CASE("a WebSocket goes through stages, and over as_blocking, on a server that has it for that kind of app") {
  struct echo final : async_app {
    task<> http(async_exchange ex) override {
      async_websocket socket(ex);
      if (!socket) co_return co_await want_websocket(ex);
      co_await socket.accept();
      for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) co_await socket.send(got);
    }
  } app;
  as_blocking over_bridge(app);
  chain behind{errors(), gzip(), timeout(1h), app};
  chain behind_bridge{errors(), gzip(), over_bridge};
  const auto speak = [](bool evented, application served_app) {
    served server(evented, served_app);
    wire_client c(server.port());
    c.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    const std::string head = c.read_through("\r\n\r\n");
    if (!head.starts_with("HTTP/1.1 101")) return head.substr(0, 12);
    c.send(std::string("\x81\x82\0\0\0\0hi", 8));
    const std::string answer = c.read_through("hi");
    c.send(std::string("\x88\x82\0\0\0\0\x0f\xa0", 8));
    return answer + c.read_to_end();
  };
  const std::string echoed("\x81\x02hi\x88\x02\x0f\xa0", 8);
  for (const bool evented : {false, true}) CHECK(speak(evented, behind) == echoed);
  CHECK(speak(false, over_bridge) == echoed);
  CHECK(speak(false, behind_bridge) == echoed);
  CHECK(speak(true, over_bridge) == "HTTP/1.1 501");
}
}
