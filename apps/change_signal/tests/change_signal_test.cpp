#include <change_signal/change_signal.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/run.hpp>
#include <doctest/doctest.h>
#include <atomic>
#include <thread>

using namespace std::chrono_literals;

namespace {

csgi::task<> count_up_to(change_signal& changes, const std::atomic<int>& counter, int end) {
  for (;;) {
    const auto seen = changes.count();
    if (counter >= end) co_return;
    co_await changes.after(seen);
  }
}

csgi::task<bool> waits_in_vain(change_signal& changes) {
  auto either = csgi::when_any(changes.after(changes.count()), csgi::sleep_for(1ms));
  const auto first = co_await std::move(either);
  co_return first.index() == 1;
}

}  // namespace

TEST_SUITE("change_signal") {
TEST_CASE("a change between looking and waiting is not missed") {
  change_signal changes;
  const auto seen = changes.count();
  changes.notify();
  const auto waited = [&]() -> csgi::task<bool> {
    co_await changes.after(seen);
    co_return true;
  };
  CHECK(csgi::run(waited()));
}

TEST_CASE("who waits can be stopped, and nobody touches it afterwards") {
  change_signal changes;
  CHECK(csgi::run(waits_in_vain(changes)));
  changes.notify();
  CHECK(csgi::run(waits_in_vain(changes)));
}

TEST_CASE("every change reaches everybody on every loop") {
  constexpr int last = 2000;
  change_signal changes;
  std::atomic<int> counter = 0;
  std::atomic<int> ended = 0;
  std::vector<std::thread> loops;
  for (int i = 0; i < 3; ++i)
    loops.emplace_back([&] {
      const auto two = [&]() -> csgi::task<> {
        auto both = csgi::when_all(count_up_to(changes, counter, last), count_up_to(changes, counter, last / 2));
        co_await std::move(both);
      };
      csgi::run(two());
      ++ended;
    });
  for (int i = 0; i < last; ++i) {
    ++counter;
    changes.notify();
  }
  for (auto& loop : loops) loop.join();
  CHECK(ended == 3);
}

TEST_CASE("stops and changes at the same time are both told once") {
  change_signal changes;
  std::atomic<bool> over = false;
  std::thread busy([&] {
    while (!over) changes.notify();
  });
  const auto waits = [&]() -> csgi::task<int> {
    int rounds = 0;
    for (; rounds < 500; ++rounds) {
      auto either = csgi::when_any(csgi::sleep_for(0ms), changes.after(changes.count()));
      co_await std::move(either);
      auto other = csgi::when_any(changes.after(changes.count()), csgi::sleep_for(1us));
      co_await std::move(other);
    }
    co_return rounds;
  };
  CHECK(csgi::run(waits()) == 500);
  over = true;
  busy.join();
}
}
