#include <csgi/timer_queue.hpp>
#include "manual_executor.hpp"
#include <algorithm>
#include <doctest/doctest.h>
#include <ostream>
#include <functional>
#include <map>
#include <memory>
#include <random>

using namespace csgi;

using namespace std::chrono_literals;

namespace {

struct ringing_timer : timer_op {
  std::vector<int>& rung;
  int number;
  std::function<void()> then;

  ringing_timer(std::vector<int>& into, int n, clock::time_point when) : rung(into), number(n) {
    at = when;
    done = [](operation& op) noexcept {
      auto& self = static_cast<ringing_timer&>(op);
      self.rung.push_back(self.error ? -self.number : self.number);
      if (self.then) self.then();
    };
  }
};

const clock::time_point start{1h};

}  // namespace

TEST_SUITE("timer_queue") {
TEST_CASE("timers complete in the order of their times, not before") {
  manual_executor owner;
  timer_queue queue(owner);
  std::vector<int> rung;
  ringing_timer three(rung, 3, start + 3s), one(rung, 1, start + 1s), two(rung, 2, start + 2s);
  CHECK(queue.next() == clock::time_point::max());
  for (auto* t : {&three, &one, &two}) CHECK(queue.begin_wait(*t) == begun::pending);
  CHECK(queue.next() == start + 1s);
  queue.expire(start + 999ms);
  CHECK(rung.empty());
  queue.expire(start + 2s);
  CHECK(rung == std::vector{1, 2});
  CHECK(queue.next() == start + 3s);
  queue.expire(start + 1h);
  CHECK(rung == std::vector{1, 2, 3});
  CHECK(queue.next() == clock::time_point::max());
}

TEST_CASE("a cancelled timer completes once, through the executor, wherever it was") {
  for (int which = 1; which <= 7; ++which) {
    manual_executor owner;
    timer_queue queue(owner);
    std::vector<int> rung;
    std::vector<std::unique_ptr<ringing_timer>> timers;
    for (int i = 1; i <= 7; ++i) {
      timers.push_back(std::make_unique<ringing_timer>(rung, i, start + i * 1s));
      queue.begin_wait(*timers.back());
    }
    ringing_timer& cancelled = *timers[static_cast<std::size_t>(which - 1)];
    cancel(cancelled);
    cancel(cancelled);
    CHECK(rung.empty());
    owner.run();
    CHECK(rung == std::vector{-which});
    CHECK(cancelled.error == std::errc::operation_canceled);
    queue.expire(start + 1h);
    CHECK(rung.size() == 7);
    CHECK(std::is_sorted(rung.begin() + 1, rung.end()));
  }
}

TEST_CASE("a timer may begin, cancel and end others while it completes") {
  manual_executor owner;
  timer_queue queue(owner);
  std::vector<int> rung;
  ringing_timer later(rung, 3, start + 3s), due(rung, 2, start + 2s);
  auto first = std::make_unique<ringing_timer>(rung, 1, start + 1s);
  ringing_timer added(rung, 4, start + 1500ms);
  first->then = [&] {
    queue.begin_wait(added);
    cancel(later);
    first.reset();
  };
  queue.begin_wait(later);
  queue.begin_wait(due);
  queue.begin_wait(*first);
  queue.expire(start + 2s);
  owner.run();
  CHECK(rung == std::vector{1, 2, -3});
  queue.expire(start + 2s);
  CHECK(rung == std::vector{1, 2, -3, 4});
}

TEST_CASE("a timer that begins anew each time it is due does not hold up its executor") {
  manual_executor owner;
  timer_queue queue(owner);
  std::vector<int> rung;
  ringing_timer tick(rung, 1, start);
  tick.then = [&] { queue.begin_wait(tick); };
  queue.begin_wait(tick);
  queue.expire(start + 1s);
  CHECK(rung.size() == 1);
  queue.expire(start + 1s);
  CHECK(rung.size() == 2);
  cancel(tick);
  tick.then = nullptr;
  owner.run();
}

TEST_CASE("cancel_all() ends every timer") {
  manual_executor owner;
  timer_queue queue(owner);
  std::vector<int> rung;
  ringing_timer one(rung, 1, start + 1s), two(rung, 2, start + 2s);
  queue.begin_wait(one);
  queue.begin_wait(two);
  queue.cancel_all();
  CHECK(queue.next() == clock::time_point::max());
  owner.run();
  std::sort(rung.begin(), rung.end());
  CHECK(rung == std::vector{-2, -1});
}

TEST_CASE("thousands of timers behave as a sorted list does") {
  manual_executor owner;
  timer_queue queue(owner);
  std::mt19937 random(42);
  std::vector<int> rung;
  std::vector<std::unique_ptr<ringing_timer>> timers;
  std::multimap<clock::time_point, int> model;
  clock::time_point now = start;
  for (int step = 0; step < 20'000; ++step) {
    const auto what = random() % 10;
    if (what < 5) {
      const auto at = now + std::chrono::milliseconds(random() % 1000);
      timers.push_back(std::make_unique<ringing_timer>(rung, static_cast<int>(timers.size()) + 1, at));
      queue.begin_wait(*timers.back());
      model.emplace(at, static_cast<int>(timers.size()));
    } else if (what < 8 && !model.empty()) {
      const auto victim = std::next(model.begin(), static_cast<long>(random() % model.size()));
      cancel(*timers[static_cast<std::size_t>(victim->second - 1)]);
      model.erase(victim);
      owner.run();
      rung.clear();
    } else {
      now += std::chrono::milliseconds(random() % 50);
      rung.clear();
      queue.expire(now);
      std::vector<clock::time_point> times, expected;
      for (const int number : rung) times.push_back(timers[static_cast<std::size_t>(number - 1)]->at);
      const auto due = model.upper_bound(now);
      for (auto t = model.begin(); t != due; ++t) expected.push_back(t->first);
      model.erase(model.begin(), due);
      REQUIRE(times == expected);
    }
    REQUIRE(queue.next() == (model.empty() ? clock::time_point::max() : model.begin()->first));
  }
}
}
