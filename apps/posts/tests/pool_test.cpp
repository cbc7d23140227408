#include <posts/sql/pool.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/testing/test_loop.hpp>
#include <csgi/to_thread.hpp>
#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

struct connection {
  explicit connection(int n) noexcept : number(n) {}
  bool usable() const noexcept { return sound; }
  int number;
  bool sound = true;
};

using connections = sql::pool<connection>;

/// Takes a place for an hour, opens a connection where there is none, and notes which it had.
csgi::task<> use(connections& from, std::vector<int>& had, int opens, bool sound = true) {
  auto lease = co_await from.take();
  if (!lease) lease.put(std::make_unique<connection>(opens));
  had.push_back(lease->number);
  lease->sound = sound;
  co_await csgi::sleep_for(1h);
}

}  // namespace

TEST_SUITE("pool") {
TEST_CASE("no more are open than there are places, and who waits is served in turn") {
  csgi::testing::test_loop loop(csgi::testing::time_flow::skipped);
  connections pool(2, 10);
  std::vector<int> had;
  std::vector<csgi::task<>> all;
  for (int i = 1; i <= 5; ++i) all.push_back(use(pool, had, i));
  auto together = [&]() -> csgi::task<> { co_await csgi::when_all(std::move(all)); };
  loop.run(together());
  CHECK(had == std::vector<int>{1, 2, 1, 2, 1});
  CHECK(pool.clear().size() == 2);
}

TEST_CASE("one that is not usable any more is closed, and who waits opens another") {
  csgi::testing::test_loop loop(csgi::testing::time_flow::skipped);
  connections pool(1, 10);
  std::vector<int> had;
  auto together = [&]() -> csgi::task<> { co_await csgi::when_all(use(pool, had, 1, false), use(pool, had, 2), use(pool, had, 3)); };
  loop.run(together());
  CHECK(had == std::vector<int>{1, 2, 2});
}

TEST_CASE("who is stopped while he waits has taken nothing") {
  csgi::testing::test_loop loop(csgi::testing::time_flow::skipped);
  connections pool(1, 10);
  std::vector<int> had;
  bool timed_out = false;
  const auto hurried = [&]() -> csgi::task<> {
    try {
      co_await csgi::with_timeout(1min, use(pool, had, 2));
    } catch (const csgi::timed_out&) {
      timed_out = true;
    }
  };
  auto together = [&]() -> csgi::task<> { co_await csgi::when_all(use(pool, had, 1), hurried(), use(pool, had, 3)); };
  loop.run(together());
  CHECK(timed_out);
  CHECK(had == std::vector<int>{1, 1});
}

TEST_CASE("when too many wait, the next one is told so") {
  csgi::testing::test_loop loop(csgi::testing::time_flow::skipped);
  connections pool(1, 1);
  std::vector<int> had;
  auto together = [&]() -> csgi::task<> { co_await csgi::when_all(use(pool, had, 1), use(pool, had, 2), use(pool, had, 3)); };
  CHECK_THROWS_AS(loop.run(together()), csgi::overloaded);
}
}
