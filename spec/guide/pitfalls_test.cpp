// pitfalls_test.cpp - the mistakes that blocking-or-async.md lists, made, and what is then seen held against the page.
#include <algorithm>
#include <csgi/async_exchange.hpp>
#include <csgi/async_websocket.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/run.hpp>
#include <csgi/testing/client.hpp>
#include <csgi/to_thread.hpp>
#include <doctest/doctest.h>
#include <fstream>
#include <functional>
#include <iterator>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

class function_app final : public async_app {
 public:
  explicit function_app(std::function<task<>(async_exchange)> f) : function_(std::move(f)) {}
  task<> http(async_exchange ex) override { return function_(ex); }

 private:
  std::function<task<>(async_exchange)> function_;
};

/// What a request ends with whose app makes that mistake.
std::string seen_of(std::function<task<>(async_exchange)> mistake) {
  function_app app(std::move(mistake));
  testing::client c(app);
  try {
    return "status " + std::to_string(c.get("/").status);
  } catch (const std::exception& e) {
    return e.what();
  }
}

std::string seen_of(const std::function<void()>& mistake) {
  try {
    mistake();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "nothing";
}

bool page_says(const std::string& words) {
  std::ifstream file(GUIDE "/blocking-or-async.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  return page.find('`' + words + '`') != std::string::npos;
}

void check(const std::string& seen) {
  CAPTURE(seen);
  CHECK(page_says(seen));
}

task<int> seven() { co_return 7; }
task<int> seven_of(async_exchange) { co_return 7; }

}  // namespace

TEST_SUITE("guide: pitfalls") {

TEST_CASE("run() where coroutines run") {
  check(seen_of([](async_exchange ex) -> task<> {
    run(seven_of(ex));
    co_return;
  }));
  check(seen_of([] {
    run([]() -> task<> {
      run(seven());
      co_return;
    }());
  }));
}

TEST_CASE("run() for a request on another thread than its lane's") {
  check(seen_of([](async_exchange ex) -> task<> {
    auto call = to_pool([ex] { run(ex, [] { return seven(); }); });
    co_await call;
  }));
}

TEST_CASE("blocking code outside of requests and run()") {
  check(seen_of([] {
    auto coroutine = []() -> task<> {
      auto blocking = to_thread([] {});
      co_await blocking;
    }();
    operation end;
    REQUIRE(coroutine.start(end) == begun::completed);
    coroutine.result();
  }));
}

TEST_CASE("two reads at a time") {
  check(seen_of([](async_exchange ex) -> task<> { co_await when_all(ex.read(), ex.read()); }));
}

TEST_CASE("a response that is written before it is started, and one that goes on behind its end") {
  check(seen_of([](async_exchange ex) -> task<> { co_await ex.write("early"); }));
  check(seen_of([](async_exchange ex) -> task<> {
    co_await ex.respond(200, "text/plain", "whole");
    ex.start(200);
  }));
}

TEST_CASE("a length that is not kept") {
  check(seen_of([](async_exchange ex) -> task<> {
    ex.start(200, {{"content-length", "3"}});
    co_await ex.finish("four");
  }));
}

TEST_CASE("a WebSocket that nobody offers") {
  check(seen_of([](async_exchange ex) -> task<> {
    const async_websocket socket(ex);
    co_await socket.receive();
  }));
}

TEST_CASE("a loop that does not look whether its conversation is over") {
  function_app app([](async_exchange ex) -> task<> {
    const async_websocket socket(ex);
    co_await socket.accept();
    for (int i = 0; i < 1000; ++i) co_await socket.receive();
  });
  testing::client c(app);
  auto socket = c.websocket("/");
  socket.close();
  check(seen_of([&] { socket.end(); }));
}

TEST_CASE("a send of a WebSocket that is stopped") {
  std::uint16_t ended_with = 0;
  function_app app([&ended_with](async_exchange ex) -> task<> {
    const async_websocket socket(ex);
    co_await socket.accept();
    const std::string text(1'000'000, 'x');
    std::exception_ptr failure;
    try {
      co_await with_timeout(1ms, socket.send(text));
    } catch (const timed_out&) {
      failure = std::current_exception();
    }
    ended_with = socket.end().code;
    if (failure) std::rethrow_exception(failure);
  });
  testing::client c(app, {.behaviour = {.window = 0}});
  auto socket = c.websocket("/");
  check(seen_of([&socket] { socket.end(); }));
  CHECK(ended_with == 1006);
}

TEST_CASE("a wait that lasts too long") {
  check(seen_of([](async_exchange ex) -> task<> { co_await with_timeout(1ms, ex.sleep_for(1h)); }));
}
}
