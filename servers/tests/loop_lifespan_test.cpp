// loop_lifespan_test.cpp - startup and shutdown on each loop, on both servers.
#include "life.hpp"
#include <csgi/chain.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/per_loop.hpp>
#include <csgi/sleep.hpp>
#include <csgi/to_thread.hpp>
#include <doctest/doctest.h>
#include <list>

using namespace csgi;
using namespace csgi::tests;
using namespace std::chrono_literals;

namespace {

constexpr unsigned executors = 3;

/// With that many executors, whichever server it is for.
server_options few() {
  server_options options;
  options.loops = executors;
  options.threads = executors - 1;      // and the one that leads
  return options;
}

/// What one loop has: requests check that they are where it was made.
struct belongings {
  std::thread::id thread = std::this_thread::get_id();
  const csgi::executor* executor = nullptr;
  int requests = 0;
};

struct looped final : async_app {
  looped(witness& w, std::string n, std::string fails = {}) : seen(w), name(std::move(n)), fails_at(std::move(fails)) {}

  task<> startup(server_context&) override { return step("startup"); }
  task<> shutdown() override { return step("shutdown"); }
  task<> loop_startup(loop_context& loop) override {
    own.emplace(loop).executor = &loop.executor();
    co_await csgi::sleep_for(1ms);
    auto blocking = to_thread([] { return std::this_thread::get_id(); });
    const auto lane = co_await blocking;
    right = right && own.at(loop).thread == std::this_thread::get_id() && lane != std::this_thread::get_id();
    co_await step("loop startup");
  }
  task<> loop_shutdown(loop_context& loop) override {
    auto blocking = to_thread([] {});
    co_await blocking;
    co_await csgi::sleep_for(1ms);
    served += own.at(loop).requests;
    own.erase(loop);
    co_await step("loop shutdown");
  }
  task<> http(async_exchange ex) override {
    auto& mine = own.at(ex);
    ++mine.requests;
    right = right && mine.thread == std::this_thread::get_id() && mine.executor == &ex.raw().executor();
    ex.on_finish([this](const outcome&) { seen.note(name + " hook"); });
    co_await ex.respond(200, "text/plain", name);
  }
  task<> step(std::string what) {
    seen.note(name + ' ' + what);
    if (what == fails_at && ++failures == 1) throw std::runtime_error(name + " cannot " + what);
    co_return;
  }

  witness& seen;
  std::string name, fails_at;
  per_loop<belongings> own;
  std::atomic<bool> right{true};
  std::atomic<int> served{0}, failures{0};
};

/// The lines in order, each so often.
std::string lines(std::initializer_list<std::pair<const char*, unsigned>> blocks) {
  std::string all;
  for (const auto& [line, times] : blocks)
    for (unsigned i = 0; i < times; ++i) all += std::string(line) + ", ";
  return all;
}

}  // namespace

TEST_SUITE("lifespan of loops") {
TEST_CASE("each loop is started on its own thread, after the app and before any request, and shut down after the last hook") {
  on_both([](bool evented) {
    witness seen;
    looped app(seen, "app");
    life server(evented, app, few());
    REQUIRE(server.said.lines.saw("ready"));
    CHECK(all(seen) == lines({{"app startup", 1}, {"app loop startup", executors}}));
    for (int i = 0; i < 20; ++i) {
      wire_client client(server.port());
      CHECK(client.exchange(get("/", "Connection: close\r\n")).body == "app");
    }
    server.stop();
    server.join();
    CHECK(all(seen) == lines({{"app startup", 1}, {"app loop startup", executors}, {"app hook", 20},
                              {"app loop shutdown", executors}, {"app shutdown", 1}}));
    CHECK(app.right);
    CHECK(app.served == 20);
    CHECK(server.threw.empty());
  });
}

TEST_CASE("on a loop the async parts are started in order and shut down in reverse, blocking ones left out") {
  on_both([](bool evented) {
    witness seen;
    looped one(seen, "one"), two(seen, "two");
    struct silent final : blocking_app {
      void http(blocking_exchange ex) override { ex.respond(200, "text/plain", ""); }
    } between;
    mount_table table{one};
    table.mount("/between", between).mount("/two", two).mount("/again", one);
    chain whole{identity(), table};
    auto options = few();
    options.loops = 1;
    options.threads = 1;
    life server(evented, whole, options);
    REQUIRE(server.said.lines.saw("ready"));
    server.stop();
    server.join();
    if (evented)
      CHECK(all(seen) == "one startup, two startup, one loop startup, two loop startup, "
                         "two loop shutdown, one loop shutdown, two shutdown, one shutdown, ");
    CHECK(seen.count("two loop startup") == seen.count("one loop shutdown"));
    CHECK(one.right);
  });
}

TEST_CASE("a startup that fails on one loop ends the server with its reason, and what had started anywhere is shut down") {
  on_both([](bool evented) {
    witness seen;
    looped one(seen, "one"), two(seen, "two", "loop startup");
    mount_table table{one};
    table.mount("/two", two);
    life server(evented, table, few());
    server.join();
    CHECK(server.threw == "the app's startup on a loop failed: two cannot loop startup");
    CHECK(server.said.lines.count("ready") == 0);
    CHECK(seen.count("one loop shutdown") == executors);
    CHECK(seen.count("two loop shutdown") == executors - 1);
    CHECK(all(seen).ends_with("two shutdown, one shutdown, "));
  });
}

TEST_CASE("a shutdown that fails on one loop keeps no other from it, and is thrown in the end") {
  on_both([](bool evented) {
    witness seen;
    looped app(seen, "app", "loop shutdown");
    life server(evented, app, few());
    REQUIRE(server.said.lines.saw("ready"));
    server.stop();
    server.join();
    CHECK(server.threw == "the app's shutdown on a loop failed: app cannot loop shutdown");
    CHECK(seen.count("app loop shutdown") == executors);
    CHECK(all(seen).ends_with("app shutdown, "));
  });
}

TEST_CASE("a stop while loops start ends that, without a failure and without serving") {
  struct slow final : async_app {
    explicit slow(witness& w) : seen(w) {}
    task<> loop_startup(loop_context&) override {
      const bool first = ++begun == 1;
      seen.note("starting");
      if (first) co_return;
      co_await csgi::sleep_for(1h);
    }
    task<> loop_shutdown(loop_context&) override {
      seen.note("shut down on a loop");
      co_return;
    }
    task<> http(async_exchange) override { co_return; }
    task<> shutdown() override {
      seen.note("shut down");
      co_return;
    }
    witness& seen;
    std::atomic<unsigned> begun{0};
  };
  on_both([](bool evented) {
    witness seen;
    slow app(seen);
    life server(evented, app, few());
    while (app.begun < executors) std::this_thread::yield();
    server.stop();
    server.join();
    CHECK(server.threw.empty());
    CHECK(all(seen) == lines({{"starting", executors}, {"shut down on a loop", 1}, {"shut down", 1}}));
    CHECK(server.said.lines.count("ready") == 0);
  });
}

TEST_CASE("loops start beside each other, and each shuts down in full also when the server is hurried") {
  struct together final : async_app {
    explicit together(witness& w) : seen(w) {}
    task<> loop_startup(loop_context&) override {
      ++begun;
      while (begun < executors) co_await csgi::sleep_for(1ms);
    }
    task<> loop_shutdown(loop_context&) override {
      co_await csgi::sleep_for(1ms);
      seen.note("shut down on a loop");
    }
    task<> http(async_exchange ex) override {
      seen.note("sleeping");
      co_await ex.sleep_for(1h);
    }
    witness& seen;
    std::atomic<unsigned> begun{0};
  };
  on_both([](bool evented) {
    witness seen;
    together app(seen);
    life server(evented, app, few());
    REQUIRE(server.said.lines.saw("ready"));
    wire_client client(server.port());
    client.send(get("/"));
    REQUIRE(seen.saw("sleeping"));
    server.stop();
    server.stop();
    server.join();
    CHECK(all(seen) == lines({{"sleeping", 1}, {"shut down on a loop", executors}}));
    CHECK(server.threw.empty());
  });
}

TEST_CASE("a loop whose connections have ended does what is posted to it as long as others serve") {
  struct courier final : async_app {
    explicit courier(witness& w) : seen(w) {}
    task<> loop_startup(loop_context& loop) override {
      const std::lock_guard lock(mutex);
      all.push_back(&loop.executor());
      co_return;
    }
    task<> http(async_exchange ex) override {
      seen.note("waiting");
      co_await server_drains(ex);
      for (auto* const each : all) {
        struct letter final : work {
          std::atomic<bool> read{false};
        } one;
        one.run = [](work& w) noexcept { static_cast<letter&>(w).read = true; };
        each->post(one);
        while (!one.read) co_await ex.sleep_for(1ms);
      }
      co_await ex.respond(200, "text/plain", "delivered");
    }
    witness& seen;
    std::mutex mutex;
    std::vector<csgi::executor*> all;
  };
  witness seen;
  courier app(seen);
  life server(true, app, few());
  REQUIRE(server.said.lines.saw("ready"));
  wire_client client(server.port());
  client.send(get("/"));
  REQUIRE(seen.saw("waiting"));
  server.stop();
  CHECK(client.read().body == "delivered");
  server.join();
}

TEST_CASE("what was posted to a loop was run when the server has ended") {
  struct sender final : async_app {
    struct letter final : work {
      std::atomic<int>* read = nullptr;
    };
    task<> loop_startup(loop_context& loop) override {
      const std::lock_guard lock(mutex);
      all.push_back(&loop.executor());
      co_return;
    }
    task<> loop_shutdown(loop_context& loop) override {
      post(loop.executor());
      co_return;
    }
    task<> http(async_exchange ex) override {
      for (auto* const each : all) post(*each);
      co_await ex.respond(200, "text/plain", "posted");
    }
    void post(csgi::executor& to) {
      const std::lock_guard lock(mutex);
      letter& one = letters.emplace_back();
      one.read = &read;
      one.run = [](work& w) noexcept { ++*static_cast<letter&>(w).read; };
      to.post(one);
    }
    std::mutex mutex;
    std::vector<csgi::executor*> all;
    std::list<letter> letters;
    std::atomic<int> read{0};
  };
  on_both([](bool evented) {
    sender app;
    life server(evented, app, few());
    REQUIRE(server.said.lines.saw("ready"));
    for (int i = 0; i < 5; ++i) {
      wire_client client(server.port());
      CHECK(client.exchange(get("/", "Connection: close\r\n")).body == "posted");
    }
    server.stop();
    server.join();
    CHECK(app.read == 5 * executors + executors);
  });
}
}
