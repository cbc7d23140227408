// bridges_test.cpp - blocking code in async apps on both servers: lanes, pools, coroutines from blocking code.
#include "lane_threads.hpp"
#include <csgi/sleep.hpp>
#include <csgi/when_all.hpp>
#include <csgi/with_timeout.hpp>
#include <doctest/doctest.h>
#include <algorithm>
#include <deque>
#include <latch>

using namespace csgi;
using namespace csgi::tests;
using namespace std::chrono_literals;

TEST_SUITE("bridges") {

TEST_CASE("all blocking code of a request runs on one thread, which is not the coroutine's") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            const auto here = std::this_thread::get_id();
            const auto first = co_await lane_thread(ex);
            co_await ex.sleep_for(1ms);
            const auto second = co_await lane_thread(ex);
            const bool back = here == std::this_thread::get_id();
            co_await say(ex, std::string(first == second ? "one" : "two") + (first == here ? " here" : " elsewhere") + (back ? " and back" : ""));
          }) == "200 one elsewhere and back");
  });
}

TEST_CASE("a thread-local made in one call is there in the next, and a new request may not rely on it") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            static thread_local int handle = 0;
            auto open = to_thread([] { handle = 42; });
            co_await open;
            auto use = to_thread([] { return handle; });
            const int seen = co_await use;
            co_await say(ex, std::to_string(seen));
          }) == "200 42");
  });
}

TEST_CASE("different requests have different lanes: their blocking code overlaps") {
  on_both([](bool evented) {
    std::latch both(2);
    served server(evented, [&](async_exchange ex) -> task<> {
      auto call = to_thread([&] { both.arrive_and_wait(); });
      co_await call;
      co_await say(ex, "met");
    });
    wire_client one(server.port()), other(server.port());
    one.send(get("/"));
    other.send(get("/"));
    CHECK(one.read().body == "met");
    CHECK(other.read().body == "met");
  });
}

TEST_CASE("results and exceptions cross with their types") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            std::string caught;
            try {
              auto call = to_thread([]() -> int { throw std::out_of_range("too far"); });
              co_await call;
            } catch (const std::out_of_range& e) {
              caught = e.what();
            }
            auto call = to_thread([] { return std::make_unique<std::string>("moved"); });
            const auto value = co_await call;
            co_await say(ex, caught + ' ' + *value);
          }) == "200 too far moved");
  });
}

TEST_CASE("blocking code may run a coroutine of its request, whose blocking code comes back to its thread") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            auto call = to_thread([ex] {
              const auto mine = std::this_thread::get_id();
              const auto once = run(ex, [ex] { return lane_thread(ex); });
              const auto twice = run(ex, [ex] { return lane_thread_from_below(ex); });
              return std::string(once == mine ? "mine" : "foreign") + (twice == mine ? ", mine" : ", foreign");
            });
            const std::string whose = co_await call;
            co_await say(ex, whose);
          }) == "200 mine, mine");
  });
}

TEST_CASE("run() on the thread that runs the request's coroutines refuses, and says what to do") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            std::string said;
            try {
              run(ex, [ex] { return lane_thread(ex); });
            } catch (const error& e) {
              said = e.code() == std::errc::resource_deadlock_would_occur ? "refused " : e.what();
            }
            try {
              run(lane_thread(ex));
            } catch (const error& e) {
              said += std::string(e.what()).find("co_await the task instead") != std::string::npos ? "and told" : e.what();
            }
            co_await say(ex, said);
          }) == "200 refused and told");
  });
}

TEST_CASE("run() with a request is refused on threads that are not its lane's") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            auto call = to_pool([ex]() -> std::string {
              try {
                run(ex, [ex] { return lane_thread(ex); });
              } catch (const misuse&) {
                return "refused";
              }
              return "taken";
            });
            const std::string how = co_await call;
            co_await say(ex, how);
          }) == "200 refused");
  });
}

TEST_CASE("when every thread is busy and the queue is full, the answer is 503 at once") {
  on_both([](bool evented) {
    std::latch busy(1), release(1);
    server_options options;
    options.threads = 1;
    options.queue = 1;
    served server(evented, [&](async_exchange ex) -> task<> {
      const bool first = ex.head().path == "/first";
      auto call = to_thread([&] {
        if (first) busy.count_down();
        release.wait();
      });
      co_await call;
      co_await say(ex, "done");
    }, options);
    wire_client first(server.port());
    first.send(get("/first"));
    busy.wait();
    std::deque<wire_client> others;
    for (int i = 0; i < 4; ++i) others.emplace_back(server.port()).send(get("/other"));
    // One of them has the place in the queue, whichever came first.
    while (std::ranges::count_if(others, [](wire_client& c) { return c.readable(); }) < 3) std::this_thread::yield();
    int refused = 0;
    for (auto& each : others) {
      if (!each.readable()) continue;
      const reply got = each.read();
      CHECK(got.has("retry-after"));
      refused += got.status == 503;
    }
    CHECK(refused == 3);
    release.count_down();
    CHECK(first.read().body == "done");
  });
}

TEST_CASE("blocking code that waits for later blocking code of its request ends in an error, within a bounded time") {
  on_both([](bool evented) {
    server_options options;
    options.deadlines.lane = 50ms;
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            std::atomic<bool> event{false};
            const auto waits = [&](async_exchange) -> task<> {
              auto call = to_thread([&](stop_flag stop) { while (!event && !stop.requested()) std::this_thread::yield(); });
              co_await call;
            };
            const auto triggers = [&](async_exchange) -> task<> {
              auto call = to_thread([&] { event = true; });
              co_await call;
            };
            std::string said = "nothing";
            try {
              co_await when_all(waits(ex), triggers(ex));
            } catch (const error& e) {
              said = e.what();
            }
            co_await say(ex, said + (event ? " set" : " unset"));
          }, options) == "200 to_thread: Resource deadlock avoided unset");
  });
}

TEST_CASE("CSGI-HTTP-141: blocking code that waits too long for a thread does not run, each time anew, and its request may be answered 503") {
  server_options options;
  options.threads = 1;
  options.deadlines.queue = 200ms;
  std::latch holding(1), release(1);
  std::atomic<int> calls{0};
  served server(true, [&](async_exchange ex) -> task<> {      // on the other server they wait before they begin
    if (ex.head().path == "/holds") {
      auto call = to_thread([&] { holding.count_down(), release.wait(); });
      co_await call;
    }
    std::string said;
    for (int i = 0; i < 2; ++i) {
      try {
        auto call = to_thread([&] { ++calls; });
        co_await call;
      } catch (const error& e) {
        said += e.code() == std::errc::resource_unavailable_try_again ? "unavailable " : e.what();
      }
    }
    if (ex.head().path == "/falls") {
      auto call = to_thread([&] { ++calls; });
      co_await call;
    }
    co_await say(ex, said + "at last");
  }, options);
  wire_client holds(server.port()), waits(server.port()), falls(server.port());
  holds.send(get("/holds"));
  holding.wait();
  waits.send(get("/"));
  falls.send(get("/falls"));
  CHECK(waits.read().body == "unavailable unavailable at last");
  const reply got = falls.read();
  CHECK(got.status == 503);
  CHECK(got.field("retry-after") == "1");
  CHECK(calls == 0);
  release.count_down();
  CHECK(holds.read().body == "at last");
  CHECK(waits.exchange(get("/")).body == "at last");
}

TEST_CASE("CSGI-HTTP-141: blocking code for any thread that waits too long for one does not run either") {
  on_both([](bool evented) {
    server_options options;
    options.threads = 2;      // the lane's, and another one
    options.deadlines.queue = 100ms;
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            std::atomic<bool> over{false};
            std::atomic<int> calls{0};
            std::string said;
            const auto hold = [&, until = clock::now() + 10s] {
              while (!over && clock::now() < until) std::this_thread::yield();
            };
            const auto on_lane = [&](async_exchange) -> task<> {
              auto call = to_thread(hold);
              co_await call;
            };
            const auto anywhere = [&](async_exchange) -> task<> {
              auto call = to_pool(hold);
              co_await call;
            };
            const auto waits = [&](async_exchange) -> task<> {
              for (int i = 0; i < 2; ++i) {
                try {
                  auto call = to_pool([&] { ++calls; });
                  co_await call;
                } catch (const error& e) {
                  said += e.code() == std::errc::resource_unavailable_try_again ? "unavailable " : e.what();
                }
              }
              over = true;
            };
            co_await when_all(on_lane(ex), on_lane(ex), anywhere(ex), waits(ex));   // the second one is watched for longer
            auto call = to_pool([&] { ++calls; });
            co_await call;
            co_await say(ex, said + std::to_string(calls));
          }, options) == "200 unavailable unavailable 1");
  });
}

TEST_CASE("blocking code that waits for a thread, and is to end, does not wait on") {
  on_both([](bool evented) {
    server_options options;
    options.threads = 1;
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            std::atomic<bool> over{false};
            std::atomic<int> calls{0};
            const auto holds = [&, until = clock::now() + 10s](async_exchange) -> task<> {
              auto call = to_pool([&] {
                while (!over && clock::now() < until) std::this_thread::yield();
              });
              co_await call;
            };
            const auto waits = [&](async_exchange) -> task<> {
              auto call = to_pool([&] { ++calls; });
              co_await call;
            };
            const auto gives_up = [&](async_exchange of) -> task<> {
              const auto began = clock::now();
              try {
                co_await with_timeout(10ms, waits(of));
              } catch (const timed_out&) {
                if (clock::now() - began < 5s) --calls;
              }
              over = true;
            };
            co_await when_all(holds(ex), gives_up(ex));
            co_await say(ex, std::to_string(calls));
          }, options) == "200 -1");
  });
}

TEST_CASE("blocking code may keep its thread as long as nobody else waits for it, and longer if those are patient") {
  on_both([](bool evented) {
    server_options options;
    options.deadlines.lane = 20ms;
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            const auto began = clock::now();
            auto call = to_thread([&] { while (clock::now() - began < 100ms) std::this_thread::yield(); });
            co_await call;
            co_await say(ex, "long");
          }, options) == "200 long");
    options.deadlines.lane = 10s;
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            std::atomic<int> calls{0};
            const auto one = [&](async_exchange) -> task<> {
              auto call = to_thread([&] { ++calls; });
              co_await call;
            };
            co_await when_all(one(ex), one(ex), one(ex));
            co_await say(ex, std::to_string(calls));
          }, options) == "200 3");
  });
}

TEST_CASE("who waits on the lane does pooled work that finds no thread") {
  on_both([](bool evented) {
    server_options options;
    options.threads = 1;
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            auto call = to_thread([ex] {
              return run(ex, []() -> task<std::string> {
                auto pooled = to_pool([] { return std::string("done"); });
                co_return co_await pooled;
              });
            });
            const std::string how = co_await call;
            co_await say(ex, how);
          }, options) == "200 done");
  });
}

TEST_CASE("a second stop reaches a coroutine that blocking code waits for, and the code itself") {
  on_both([](bool evented) {
    std::latch waiting(2);
    witness seen;
    served server(evented, [&](async_exchange ex) -> task<> {
      if (ex.head().path == "/looks") {
        auto call = to_thread([&](stop_flag stop) {
          waiting.count_down();
          while (!stop.requested()) std::this_thread::yield();
          seen.note("looked");
        });
        co_await call;
      } else {
        auto call = to_thread([&, ex] {
          waiting.count_down();
          try {
            run(ex, [ex]() -> task<> { co_await ex.sleep_for(1h); });
          } catch (const cancelled&) {
            seen.note("cancelled");
            throw;
          }
        });
        co_await call;
      }
    });
    wire_client looks(server.port()), waits(server.port());
    looks.send(get("/looks"));
    waits.send(get("/"));
    waiting.wait();
    server.stop();
    server.stop();
    CHECK(seen.saw("looked"));
    CHECK(seen.saw("cancelled"));
    CHECK(waits.read().status == 503);
  });
}

TEST_CASE("a call that has not begun is not made when its request is stopped") {
  // On the threaded server a coroutine that runs has a thread, and so a thread is free for its lane too.
  std::latch busy(1), release(1);
  std::atomic<bool> made = false;
  witness seen;
  server_options options;
  options.threads = 1;
  served server(true, [&](async_exchange ex) -> task<> {
    if (ex.head().path == "/busy") {
      auto call = to_thread([&] {
        busy.count_down();
        release.wait();
      });
      co_await call;
    } else {
      seen.note("came");
      auto call = to_thread([&] { made = true; });
      co_await call;
    }
  }, options);
  wire_client first(server.port()), second(server.port());
  first.send(get("/busy"));
  busy.wait();
  second.send(get("/"));
  REQUIRE(seen.saw("came"));
  server.stop();
  server.stop();
  CHECK(second.read().status == 503);
  release.count_down();
  CHECK_FALSE(made);
}

TEST_CASE("an app answers while a hundred requests sit in blocking code") {
  on_both([](bool evented) {
    std::latch release(1), inside(32);
    server_options options;
    options.threads = evented ? 32 : 128;     // the threaded server needs one for each coroutine too
    served server(evented, [&](async_exchange ex) -> task<> {
      if (ex.head().path == "/block") {
        auto call = to_thread([&] {
          inside.count_down();
          release.wait();
        });
        co_await call;
      }
      co_await say(ex, "done");
    }, options);
    std::deque<wire_client> blocked;
    for (int i = 0; i < 32; ++i) blocked.emplace_back(server.port()).send(get("/block"));
    inside.wait();
    for (int i = 0; i < 68; ++i) blocked.emplace_back(server.port()).send(get("/block"));
    wire_client other(server.port());
    for (int i = 0; i < 20; ++i) CHECK(other.exchange(get("/")).body == "done");
    release.count_down();
    for (auto& each : blocked) CHECK(each.read().body == "done");
  });
}
}
