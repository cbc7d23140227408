// Coroutines from blocking code: run() and run_loop, and the blocking code inside of them.
#include <csgi/run.hpp>
#include <csgi/sleep.hpp>
#include <csgi/thread_pool.hpp>
#include <csgi/to_thread.hpp>
#include <csgi/with_timeout.hpp>
#include <csgi/when_any.hpp>
#include <doctest/doctest.h>
#include <functional>
#include <latch>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

task<int> seven() { co_return 7; }

task<int> seven_later() {
  co_await sleep_for(1ms);
  co_return 7;
}

task<> fails() {
  co_await sleep_for(1ms);
  throw 42;
}

task<std::thread::id> thread_of_call() {
  auto call = to_thread([] { return std::this_thread::get_id(); });
  co_return co_await call;
}

task<std::thread::id> thread_of_pooled_call() {
  auto call = to_pool([] { return std::this_thread::get_id(); });
  co_return co_await call;
}

task<> runs_another() {
  CHECK_THROWS_WITH_AS(run(seven()), doctest::Contains("run() inside a coroutine of another run(): co_await the task instead"), error);
  co_await sleep_for(1ms);
  CHECK_THROWS_AS(run(seven()), error);
}

task<int> runs_another_from_blocking_code() {
  auto call = to_thread([] { return run(seven_later()); });
  const int inner = co_await call;
  co_return inner + co_await seven_later();
}

task<int> throws_from_blocking_code() {
  auto call = to_thread([]() -> int { throw std::domain_error("out of range"); });
  co_return co_await call;
}


}  // namespace

TEST_SUITE("run") {
TEST_CASE("gives a coroutine's value") {
  CHECK(run(seven()) == 7);
  CHECK(run(seven_later()) == 7);
}

TEST_CASE("throws what the coroutine throws") {
  CHECK_THROWS_AS(run(fails()), int);
}

TEST_CASE("who sleeps for longer than the clock counts does not wake at once") {
  const auto first_to_end = run([]() -> task<std::size_t> {
    auto first = when_any(sleep_for(std::chrono::hours::max()), with_timeout(std::chrono::hours::max(), sleep_for(std::chrono::milliseconds(1))));
    co_return (co_await std::move(first)).index();
  }());
  CHECK(first_to_end == 1);
}

TEST_CASE("a loop may be used again, also after a failure") {
  run_loop loop;
  CHECK(loop.run(seven_later()) == 7);
  CHECK_THROWS_AS(loop.run(fails()), int);
  CHECK(loop.run(seven()) == 7);
}

TEST_CASE("inside of a coroutine that it runs itself, it refuses and says what to do") {
  run(runs_another());
  CHECK(run(seven()) == 7);
}

TEST_CASE("blocking code runs on the thread that waits") {
  CHECK(run(thread_of_call()) == std::this_thread::get_id());
}

TEST_CASE("to_pool() has other threads") {
  CHECK(run(thread_of_pooled_call()) != std::this_thread::get_id());
}

TEST_CASE("blocking code in a coroutine may run a coroutine again") {
  CHECK(run(runs_another_from_blocking_code()) == 14);
}

TEST_CASE("what blocking code throws keeps its type") {
  CHECK_THROWS_WITH_AS(run(throws_from_blocking_code()), "out of range", std::domain_error);
}

TEST_CASE("a function becomes a task, with arguments that move") {
  const auto length = as_task([](std::unique_ptr<std::string> text, int more) { return static_cast<int>(text->size()) + more; });
  CHECK(run(length(std::make_unique<std::string>("four"), 3)) == 7);
}

TEST_CASE("a void call may be awaited") {
  bool called = false;
  const auto call = [](bool& into) -> task<> {
    auto op = to_thread([&into] { into = true; });
    co_await op;
  };
  run(call(called));
  CHECK(called);
}

TEST_CASE("a stopped coroutine waits for its blocking code, which may look") {
  struct stopper final : work {
    task<>* of;
  };
  run_loop loop;
  std::latch inside(1);
  bool told = false;
  bool ended = false;
  const auto waits = [&]() -> task<> {
    auto call = to_pool([&](stop_flag stop) {
      inside.count_down();
      while (!stop.requested()) std::this_thread::yield();
      told = true;
    });
    co_await call;
    ended = true;
  };
  const auto whole = [&]() -> task<> {
    task<> child = waits();
    child.settle(loop);
    struct waiter final : operation {
      bool over = false;
    } end;
    end.done = [](operation& op) noexcept { static_cast<waiter&>(op).over = true; };
    if (child.start(end) == begun::pending) {
      inside.wait();
      child.stop();
      while (!end.over) co_await sleep_for(1ms);
    }
    child.result();
  };
  loop.run(whole());
  CHECK(told);
  CHECK(ended);
}

TEST_CASE("to_thread() outside of run() and of requests says so") {
  auto coroutine = [](std::string& said) -> task<> {
    try {
      auto call = to_thread([] {});
      co_await call;
    } catch (const error& e) {
      said = e.code() == std::errc::operation_not_supported ? "not supported" : e.what();
    }
  };
  std::string said;
  auto driven = coroutine(said);
  operation end;
  CHECK(driven.start(end) == begun::completed);
  CHECK(said == "not supported");
}
}

TEST_SUITE("thread_pool") {
struct job final : work {
  explicit job(std::function<void()> f) : what(std::move(f)) {
    run = [](work& w) noexcept { static_cast<job&>(w).what(); };
  }
  std::function<void()> what;
};

TEST_CASE("work beyond threads and queue is refused; at once where asked") {
  std::latch release(1), busy(1);
  int done = 0;
  {
    job first([&] { busy.count_down(); release.wait(); ++done; });
    job second([&] { ++done; });
    job third([&] { ++done; });
    thread_pool pool(1, 1);
    CHECK(pool.lend(first, thread_lender::patience::now));
    busy.wait();
    CHECK_FALSE(pool.lend(second, thread_lender::patience::now));
    CHECK(pool.lend(second, thread_lender::patience::queue));
    CHECK_FALSE(pool.lend(third, thread_lender::patience::queue));
    release.count_down();
  }
  CHECK(done == 2);
}

TEST_CASE("work that waits can be had back, from any place in the queue, and makes room there") {
  std::latch release(1), busy(1);
  std::string done;
  {
    job first([&] { busy.count_down(); release.wait(); });
    job a([&] { done += 'a'; }), b([&] { done += 'b'; }), c([&] { done += 'c'; }), d([&] { done += 'd'; });
    thread_pool pool(1, 3);
    REQUIRE(pool.lend(first, thread_lender::patience::now));
    busy.wait();
    CHECK_FALSE(pool.take_back(first));
    for (job* each : {&a, &b, &c}) REQUIRE(pool.lend(*each, thread_lender::patience::queue));
    CHECK(pool.take_back(b));
    CHECK_FALSE(pool.take_back(b));
    CHECK(pool.take_back(c));
    CHECK(pool.lend(d, thread_lender::patience::queue));
    CHECK(pool.take_back(a));
    CHECK(pool.lend(c, thread_lender::patience::queue));
    CHECK(pool.take_back(d));
    CHECK(pool.lend(b, thread_lender::patience::queue));
    release.count_down();
  }
  CHECK(done == "cb");
}

TEST_CASE("work runs on as many threads as there are, at the same time") {
  std::latch together(4);
  std::vector<job> jobs;
  for (int i = 0; i < 4; ++i) jobs.emplace_back([&] { together.arrive_and_wait(); });
  thread_pool pool(4, 0);
  for (job& each : jobs) CHECK(pool.lend(each, thread_lender::patience::queue));
}
}
