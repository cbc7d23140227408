// lifespan_test.cpp - startup, draining, shutdown and background work on both servers.
#include "life.hpp"
#include <csgi/background.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/drain_notice.hpp>
#include <doctest/doctest.h>
#include <latch>
#include <list>

using namespace csgi;
using namespace csgi::tests;
using namespace std::chrono_literals;

namespace {

/// An async part that notes what happens to it, and fails where it is told to.
struct async_part final : async_app {
  async_part(witness& w, std::string n, std::string fails = {}) : seen(w), name(std::move(n)), fails_at(std::move(fails)) {}

  task<> startup(server_context& server) override {
    server.log(log_level::info, name + " starts");
    co_await csgi::sleep_for(1ms);
    step("startup");
  }
  task<> http(async_exchange ex) override {
    step("http");
    co_await ex.respond(200, "text/plain", name);
  }
  void draining() noexcept override { seen.note(name + " draining"); }
  task<> shutdown() override {
    co_await csgi::sleep_for(1ms);
    step("shutdown");
  }
  void step(const std::string& what) {
    seen.note(name + ' ' + what);
    if (what == fails_at) throw std::runtime_error(name + " cannot " + what);
  }

  witness& seen;
  std::string name, fails_at;
};

struct blocking_part final : blocking_app {
  blocking_part(witness& w, std::string n, std::string fails = {}) : seen(w), name(std::move(n)), fails_at(std::move(fails)) {}

  void startup(server_context&) override { step("startup"); }
  void http(blocking_exchange ex) override { ex.respond(200, "text/plain", name); }
  void draining() noexcept override { seen.note(name + " draining"); }
  void shutdown() override { step("shutdown"); }
  void step(const std::string& what) {
    seen.note(name + ' ' + what);
    if (what == fails_at) throw std::runtime_error(name + " cannot " + what);
  }

  witness& seen;
  std::string name, fails_at;
};

}  // namespace

TEST_SUITE("lifespan") {

TEST_CASE("parts start in order, drain, and shut down in reverse, each once") {
  on_both([](bool evented) {
    witness seen;
    async_part one(seen, "one");
    blocking_part two(seen, "two");
    mount_table table{one};
    table.mount("/two", two).mount("/again", one);
    chain whole{identity(), table};
    life server(evented, whole);
    REQUIRE(server.said.lines.saw("ready"));
    CHECK(all(seen) == "one startup, two startup, ");
    server.stop();
    server.join();
    CHECK(all(seen) == "one startup, two startup, one draining, two draining, two shutdown, one shutdown, ");
    CHECK(server.threw.empty());
    CHECK(server.said.lines.saw("app: one starts"));
  });
}

TEST_CASE("a startup that fails ends the server with its reason, and what had started is shut down") {
  on_both([](bool evented) {
    witness seen;
    blocking_part one(seen, "one");
    async_part two(seen, "two", "startup");
    blocking_part three(seen, "three");
    mount_table table{one};
    table.mount("/two", two).mount("/three", three);
    life server(evented, table);
    server.join();
    CHECK(all(seen) == "one startup, two startup, one shutdown, ");
    CHECK(server.threw == "the app's startup failed: two cannot startup");
    CHECK(server.said.lines.count("ready") == 0);
  });
}

TEST_CASE("a shutdown that fails is thrown when all others were shut down") {
  on_both([](bool evented) {
    witness seen;
    blocking_part one(seen, "one", "shutdown");
    async_part two(seen, "two", "shutdown");
    mount_table table{one};
    table.mount("/two", two);
    life server(evented, table);
    REQUIRE(server.said.lines.saw("ready"));
    server.stop();
    server.join();
    CHECK(server.threw == "the app's shutdown failed: two cannot shutdown");
    CHECK(server.said.lines.saw("app: the shutdown failed too: one cannot shutdown"));
  });
}

TEST_CASE("a stop during startup ends it, without a failure and without serving") {
  struct slow final : async_app {
    explicit slow(witness& w) : seen(w) {}
    task<> startup(server_context&) override {
      seen.note("starting");
      co_await csgi::sleep_for(1h);
    }
    task<> http(async_exchange) override { co_return; }
    task<> shutdown() override {
      seen.note("shut down");
      co_return;
    }
    witness& seen;
  };
  on_both([](bool evented) {
    witness seen;
    slow app(seen);
    life server(evented, app);
    REQUIRE(seen.saw("starting"));
    server.stop();
    server.join();
    CHECK(server.threw.empty());
    CHECK(all(seen) == "starting, ");
    CHECK(server.said.lines.count("ready") == 0);
  });
}

TEST_CASE("a stop before run() calls nothing of the app") {
  on_both([](bool evented) {
    witness seen;
    blocking_part one(seen, "one");
    recorder said{false};
    server_options options;
    options.port = 0;
    options.observer = &said;
    const auto server = make_server(evented, options);
    server->stop();
    server->run(one);
    CHECK(seen.all().empty());
  });
}

TEST_CASE("background work goes on when its request is over, and a graceful stop waits for it") {
  struct app final : async_app {
    explicit app(witness& w) : seen(w) {}
    task<> http(async_exchange ex) override {
      in_background(ex, [this]() -> task<> {
        auto wait = to_thread([this] { release.wait(); });
        co_await wait;
        co_await csgi::sleep_for(1ms);
        seen.note("done");
      });
      in_background(ex, [this] { seen.note("blocking done"); });
      in_background(ex, []() -> task<> { throw std::runtime_error("no stamps"); co_return; });
      co_await ex.respond(200, "text/plain", "begun");
    }
    task<> shutdown() override {
      seen.note("shutdown");
      co_return;
    }
    witness& seen;
    std::latch release{1};
  };
  on_both([](bool evented) {
    witness seen;
    app mailer(seen);
    life server(evented, mailer);
    REQUIRE(server.said.lines.saw("ready"));
    {
      wire_client client(server.port());
      CHECK(client.exchange(get("/")).body == "begun");
    }
    CHECK(server.said.lines.saw("app: background work threw no stamps"));
    CHECK(seen.saw("blocking done"));
    server.stop();
    CHECK(seen.count("done") == 0);
    mailer.release.count_down();
    server.join();
    CHECK(all(seen) == "blocking done, done, shutdown, ");
  });
}

TEST_CASE("background work that goes on for too long is stopped, and waited for") {
  struct app final : blocking_app {
    explicit app(witness& w) : seen(w) {}
    void startup(server_context& server) override {
      in_background(server, [this]() -> task<> {
        seen.note("begun");
        try {
          co_await csgi::sleep_for(1h);
        } catch (const cancelled&) {
          seen.note("stopped");
          throw;
        }
      });
    }
    void http(blocking_exchange ex) override { ex.respond(200, "text/plain", "x"); }
    witness& seen;
  };
  on_both([](bool evented) {
    witness seen;
    app whole(seen);
    server_options options;
    options.deadlines.grace = 50ms;
    life server(evented, whole, options);
    REQUIRE(seen.saw("begun"));
    server.stop();
    server.join();
    CHECK(all(seen) == "begun, stopped, ");
    CHECK(server.threw.empty());
  });
}

TEST_CASE("a second stop does not wait for background work") {
  struct app final : async_app {
    explicit app(witness& w) : seen(w) {}
    task<> startup(server_context& server) override {
      in_background(server, [this]() -> task<> {
        seen.note("begun");
        co_await csgi::sleep_for(1h);
      });
      co_return;
    }
    task<> http(async_exchange ex) override { co_await ex.respond(200, "text/plain", "x"); }
    witness& seen;
  };
  on_both([](bool evented) {
    witness seen;
    app whole(seen);
    server_options options;
    options.deadlines.grace = 1h;
    life server(evented, whole, options);
    REQUIRE(seen.saw("begun"));
    REQUIRE(server.said.lines.saw("ready"));
    server.stop();
    server.stop();
    server.join();
    CHECK(server.threw.empty());
  });
}
TEST_CASE("streams without end hear of a stop and say farewell, on whichever thread they run") {
  struct events final : async_app {
    explicit events(witness& w) : seen(w) {}
    task<> http(async_exchange ex) override {
      ex.start(200);
      co_await ex.write("data\n", ending::flush);
      seen.note("streaming");
      for (std::size_t which = 1; which == 1;) {
        auto either = when_any(server_drains(ex), csgi::sleep_for(1ms));
        const auto first = co_await std::move(either);
        which = first.index();
      }
      seen.note(csgi::draining(ex) ? "told" : "told too early");
      co_await ex.finish("farewell\n");
    }
    witness& seen;
  };
  on_both([](bool evented) {
    witness seen;
    events app(seen);
    server_options options;
    options.loops = 2;
    options.threads = 8;
    life server(evented, app, options);
    REQUIRE(server.said.lines.saw("ready"));
    std::list<wire_client> clients;
    for (int i = 0; i < 6; ++i) clients.emplace_back(server.port()).send(get("/"));
    while (seen.count("streaming") < 6) std::this_thread::yield();
    server.stop();
    for (auto& each : clients) CHECK(each.read().body == "data\nfarewell\n");
    server.join();
    CHECK(seen.count("told") == 6);
  });
}}
