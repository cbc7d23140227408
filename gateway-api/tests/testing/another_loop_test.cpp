// More than one loop for requests of one app.
#include <csgi/testing/another_loop.hpp>
#include <doctest/doctest.h>
#include <thread>
#include <atomic>

using namespace csgi::testing;

TEST_SUITE("another_loop") {
TEST_CASE("the app is started and shut down on each loop, and answers there") {
  struct counting : csgi::async_app {
    csgi::task<> loop_startup(csgi::loop_context&) override {
      ++started;
      co_return;
    }
    csgi::task<> loop_shutdown(csgi::loop_context&) override {
      ++ended;
      co_return;
    }
    csgi::task<> http(csgi::async_exchange ex) override { co_await ex.respond(200, "text/plain", "here\n"); }
    std::atomic<int> started{0}, ended{0};
  } app;
  client c(app);
  std::string body;
  std::thread([&] {
    another_loop other(c, time_flow::skipped);
    memory_exchange x(other.loop(), "GET", "/", {}, {}, {}, c.around());
    x.begin(app);
    other.loop().turn_until([&] { return x.ended(); });
    body = x.take();
    other.close();
  }).join();
  CHECK(body == "here\n");
  CHECK(app.started == 2);
  CHECK(app.ended == 1);
  c.close();
  CHECK(app.ended == 2);
}
}
