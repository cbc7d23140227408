// nested_bridges_test.cpp - blocking code in coroutines in blocking code: the thread it comes back to, and stops through it.
#include "lane_threads.hpp"
#include <csgi/concurrency.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace csgi::tests;
using namespace std::chrono_literals;

namespace {

/// "mine" for each that was this thread.
std::string whose(const std::vector<std::thread::id>& threads) {
  std::string said;
  for (const auto id : threads) said += id == std::this_thread::get_id() ? "mine " : "foreign ";
  return said;
}

/// Two tasks of a scope that each ask for the lane's thread, the second one some time after the first has gone.
task<std::vector<std::thread::id>> two_spawned(async_exchange ex) {
  std::vector<std::thread::id> seen(2);
  const auto ask = [&](async_exchange own, std::size_t which) -> task<> {
    if (which == 1) co_await own.sleep_for(1ms);
    seen[which] = co_await lane_thread(own);
  };
  co_await scoped([&](task_scope& scope) -> task<> {
    scope.spawn(ask(ex, 0));
    scope.spawn(ask(ex, 1));
    co_return;
  });
  co_return seen;
}

/// What a stop finds at the bottom of a coroutine, blocking code, a coroutine and blocking code.
enum class bottom { looks, sleeps, ends_anyway };

struct observed {
  std::atomic<bool> reached{false};
  std::atomic<bool> ended{false};
  std::atomic<bool> cancelled{false};
};

task<> wait_at(async_exchange ex, bottom how, observed& seen) {
  if (how == bottom::sleeps) {
    seen.reached = true;
    co_await ex.sleep_for(1h);
    co_return;
  }
  auto call = to_thread([&, how](stop_flag stop) {
    seen.reached = true;
    while (!stop.requested()) std::this_thread::yield();
    if (how == bottom::looks) raise(std::make_error_code(std::errc::operation_canceled), "the bottom");
    seen.ended = true;
  });
  co_await call;
}

task<> go_down(async_exchange ex, bottom how, observed& seen) {
  auto call = to_thread([&, ex, how] {
    try {
      run(ex, [&, ex, how] { return wait_at(ex, how, seen); });
    } catch (const cancelled&) {
      seen.cancelled = true;
      throw;
    }
  });
  co_await call;
}

task<> stop_when_reached(async_exchange ex, observed& seen) {
  while (!seen.reached) co_await ex.sleep_for(1ms);
}

std::string stopped(bool evented, bottom how) {
  return answer_of(evented, [how](async_exchange ex) -> task<> {
    observed seen;
    std::string said = "ended";
    try {
      co_await when_any(go_down(ex, how, seen), stop_when_reached(ex, seen));
    } catch (const cancelled&) {
      said = "cancelled";
    }
    const bool again = (co_await lane_thread(ex)) == (co_await lane_thread(ex));
    co_await say(ex, said + (seen.cancelled ? ", cancelled inside" : "") + (seen.ended ? ", ran to its end" : "") + (again ? ", goes on" : ""));
  });
}

}  // namespace

TEST_SUITE("nested bridges") {

TEST_CASE("coroutines of a scope share the lane of their request") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            const auto seen = co_await two_spawned(ex);
            const auto mine = co_await lane_thread(ex);
            co_await say(ex, seen[0] == mine && seen[1] == mine ? "one thread" : "several");
          }) == "200 one thread");
  });
}

TEST_CASE("blocking code that waits for a scope does the blocking work of its tasks, also of those that come to it later") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            auto call = to_thread([ex] { return whose(run(ex, [ex] { return two_spawned(ex); })); });
            const std::string said = co_await call;
            co_await say(ex, said);
          }) == "200 mine mine ");
  });
}

TEST_CASE("blocking calls that are begun at the same time may each wait for coroutines, on the one thread") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            const auto nested = [](async_exchange own) -> task<std::string> {
              auto call = to_thread([own] { return whose({run(own, [own] { return lane_thread(own); })}); });
              co_return co_await call;
            };
            const auto [one, other] = co_await when_all(nested(ex), nested(ex));
            co_await say(ex, one + other);
          }) == "200 mine mine ");
  });
}

TEST_CASE("a handler of an exception may wait for coroutines, and throw it on") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            std::string said;
            auto call = to_thread([&, ex] {
              try {
                throw std::out_of_range("first");
              } catch (const std::exception&) {
                said = whose({run(ex, [ex] { return lane_thread(ex); })});
                throw;
              }
            });
            try {
              co_await call;
            } catch (const std::out_of_range& e) {
              said += e.what();
            }
            co_await say(ex, said);
          }) == "200 mine first");
  });
}

TEST_CASE("what a coroutine throws that blocking code waits for passes through both with its type") {
  on_both([](bool evented) {
    CHECK(answer_of(evented, [](async_exchange ex) -> task<> {
            auto call = to_thread([ex] { run(ex, []() -> task<> {
              auto inner = to_thread([] { throw std::out_of_range("from the bottom"); });
              co_await inner;
            }); });
            std::string said;
            try {
              co_await call;
            } catch (const std::out_of_range& e) {
              said = e.what();
            }
            co_await say(ex, said);
          }) == "200 from the bottom");
  });
}

TEST_CASE("a stop goes down through coroutines and blocking code, and nothing above ends before what is below") {
  on_both([](bool evented) {
    CHECK(stopped(evented, bottom::looks) == "200 ended, cancelled inside, goes on");
    CHECK(stopped(evented, bottom::sleeps) == "200 ended, cancelled inside, goes on");
    CHECK(stopped(evented, bottom::ends_anyway) == "200 ended, ran to its end, goes on");
  });
}

TEST_CASE("a lane that ends keeps nobody waiting: the next request has another, or the same thread again") {
  on_both([](bool evented) {
    server_options options;
    options.threads = 1;
    served server(evented, [](async_exchange ex) -> task<> {
      const bool one = (co_await lane_thread(ex)) == (co_await lane_thread(ex));
      co_await say(ex, one ? "one" : "several");
    }, options);
    wire_client client(server.port());
    for (int i = 0; i < 20; ++i) CHECK(client.exchange(get("/")).body == "one");
  });
}
}
