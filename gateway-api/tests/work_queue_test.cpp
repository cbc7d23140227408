#include <csgi/work_queue.hpp>
#include <algorithm>
#include <doctest/doctest.h>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

using namespace csgi;


namespace {

struct errand : work {
  std::function<void()> what;
  explicit errand(std::function<void()> f) : what(std::move(f)) {
    run = [](work& w) noexcept { static_cast<errand&>(w).what(); };
  }
};

}  // namespace

TEST_SUITE("work_queue") {
TEST_CASE("work runs in the order posted, and only the first needs to wake the runner") {
  work_queue queue;
  std::vector<int> ran;
  errand one([&] { ran.push_back(1); }), two([&] { ran.push_back(2); }), three([&] { ran.push_back(3); });
  CHECK(queue.empty());
  CHECK(queue.push(one));
  CHECK_FALSE(queue.push(two));
  CHECK_FALSE(queue.push(three));
  CHECK_FALSE(queue.empty());
  queue.run_all();
  CHECK(ran == std::vector{1, 2, 3});
  CHECK(queue.empty());
  queue.run_all();
  CHECK(queue.push(one));
  queue.run_all();
  CHECK(ran.size() == 4);
}

TEST_CASE("what is posted meanwhile runs the next time, so that nobody is held up") {
  work_queue queue;
  int runs = 0;
  errand again([&] {
    ++runs;
    queue.push(again);
  });
  queue.push(again);
  queue.run_all();
  CHECK(runs == 1);
  CHECK_FALSE(queue.empty());
  queue.run_all();
  CHECK(runs == 2);
  again.what = [] {};
  queue.run_all();
}

TEST_CASE("work that runs the queue keeps the order") {
  work_queue queue;
  std::vector<int> ran;
  errand three([&] { ran.push_back(3); }), two([&] { ran.push_back(2); });
  errand one([&] {
    queue.push(three);
    queue.run_all();
    ran.push_back(1);
  });
  queue.push(one);
  queue.push(two);
  queue.run_all();
  CHECK(ran == std::vector{2, 3, 1});
  CHECK(queue.empty());
}

TEST_CASE("work may end its own life") {
  work_queue queue;
  auto own = std::make_unique<errand>([] {});
  bool ran = false;
  own->what = [&] {
    ran = true;
    auto mine = std::move(own);
  };
  errand other([] {});
  queue.push(*own);
  queue.push(other);
  queue.run_all();
  CHECK(ran);
}

TEST_CASE("each work of many threads runs once, in the order of its thread, and is never touched again") {
  constexpr int producers = 4, each = 20'000;
  work_queue queue;
  struct numbered : work {
    std::vector<int>* last;
    std::size_t producer;
    int number;
  };
  std::vector<int> last(producers, -1);
  bool in_order = true;
  static bool* order;
  order = &in_order;
  std::atomic<int> wakes{0};
  std::vector<std::jthread> threads;
  for (std::size_t p = 0; p < producers; ++p) {
    threads.emplace_back([&, p] {
      for (int i = 0; i < each; ++i) {
        auto* w = new numbered;
        w->last = &last;
        w->producer = p;
        w->number = i;
        w->run = [](work& done) noexcept {
          const std::unique_ptr<numbered> self(static_cast<numbered*>(&done));
          *order = *order && (*self->last)[self->producer] == self->number - 1;
          (*self->last)[self->producer] = self->number;
        };
        if (queue.push(*w)) {
          wakes.fetch_add(1);
          wakes.notify_one();
        }
      }
    });
  }
  int seen = 0;
  const auto over = [&] { return std::all_of(last.begin(), last.end(), [](int n) { return n == each - 1; }); };
  while (!over()) {
    wakes.wait(seen);   // as a server's thread sleeps until it is woken: a lost wake-up would hang
    seen = wakes.load();
    queue.run_all();
  }
  CHECK(in_order);
  CHECK(queue.empty());
}
}
