// How an operation of Asio ends before its time.
#include <csgi/asio.hpp>
#include "io_context_executor.hpp"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/run.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

task<> waits_on(asio::any_io_executor where, clock::duration how_long) {
  asio::steady_timer timer(where, how_long);
  co_await timer.async_wait(use_task);
}

task<> waits(clock::duration how_long) { return waits_on(io_context().get_executor(), how_long); }

/// Ends when it is cancelled, and calls its handler inside of that.
auto until_cancelled() {
  return asio::async_initiate<const use_task_t, void(boost::system::error_code)>([](auto handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    slot.assign([h = std::move(handler)](asio::cancellation_type) mutable { std::move(h)(asio::error::operation_aborted); });
  }, use_task);
}

}  // namespace

TEST_SUITE("asio stopping") {
TEST_CASE("what takes too long is cancelled") {
  const auto body = []() -> task<> {
    asio::steady_timer timer(io_context(), 1h);
    co_await with_timeout(1ms, timer.async_wait(use_task));
  };
  CHECK_THROWS_AS(run(body()), timed_out);
  CHECK_THROWS_AS(run([]() -> task<> { co_await with_timeout(1ms, waits(1h)); }()), timed_out);
}

TEST_CASE("of two timers the first is enough") {
  const auto body = []() -> task<std::size_t> {
    asio::steady_timer late(io_context(), 1h), early(io_context(), 1ms);
    auto first = co_await when_any(late.async_wait(use_task), early.async_wait(use_task));
    co_return first.index();
  };
  CHECK(run(body()) == 1);
}

TEST_CASE("one that fails has the others cancelled") {
  const auto fails = []() -> task<> {
    co_await waits(1ms);
    throw std::domain_error("broken");
  };
  CHECK_THROWS_AS(run([](auto& f) -> task<> { co_await when_all(waits(1h), f(), waits(2h)); }(fails)), std::domain_error);
}

TEST_CASE("behind as_tuple a cancelled operation has ended with a value") {
  const auto body = []() -> task<bool> {
    asio::steady_timer timer(io_context(), 1h);
    const auto [how] = co_await with_timeout(1ms, timer.async_wait(asio::as_tuple(use_task)));
    co_return how == asio::error::operation_aborted;
  };
  CHECK(run(body()));
}

TEST_CASE("a stop in the same turn as the beginning is not lost") {
  const auto body = []() -> task<> {
    auto both = when_any(waits(1h), []() -> task<> { co_return; }());
    co_await std::move(both);
  };
  for (int i = 0; i < 500; ++i) run(body());
}

TEST_CASE("a stop and the end may meet") {
  // The coroutine's thread stops, the io_context's completes, at the same time as nearly as can be had.
  const auto body = []() -> task<> {
    for (int i = 0; i < 500; ++i) {
      asio::steady_timer timer(io_context(), std::chrono::microseconds(50 + i % 50));
      try {
        co_await with_timeout(std::chrono::microseconds(100), timer.async_wait(use_task));
      } catch (const timed_out&) {
      }
    }
  };
  run(body());
}

TEST_CASE("the same with the thread in common") {
  io_context_executor here;
  std::size_t index = 9;
  const auto body = [](asio::io_context& on, std::size_t& index_) -> task<> {
    asio::steady_timer late(on, 1h), early(on, 1ms);
    auto first = co_await when_any(late.async_wait(use_task), early.async_wait(use_task));
    index_ = first.index();
  };
  placed_task d(here, body(here.context(), index));
  here.run();
  REQUIRE(d.over);
  CHECK(index == 1);
}

TEST_CASE("a handler that is called inside of the cancellation is no end inside of cancel()") {
  io_context_executor here;
  const auto body = []() -> task<> { co_await until_cancelled(); };
  placed_task d(here, body());
  asio::post(here.context(), [&] {
    d.coroutine.stop();
    CHECK(!d.over);
  });
  here.run();
  REQUIRE(d.over);
  CHECK_THROWS_AS(d.coroutine.result(), cancelled);
  CHECK_THROWS_AS(run([]() -> task<> { co_await with_timeout(1ms, until_cancelled()); }()), timed_out);
}

TEST_CASE("on a strand of an io_context that several threads run, too") {
  asio::io_context pool;
  auto busy = asio::make_work_guard(pool);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { pool.run(); });
  const auto body = [](asio::io_context& on) -> task<> {
    for (int i = 0; i < 200; ++i) {
      try {
        auto several = when_all(waits_on(asio::make_strand(on), 60us), waits_on(asio::make_strand(on), 1h));
        co_await with_timeout(std::chrono::microseconds(50 + i), std::move(several));
      } catch (const timed_out&) {
      }
    }
  };
  run(body(pool));
  busy.reset();
}

TEST_CASE("an operation that cannot be cancelled is waited for") {
  bool ended = false;
  const auto body = [](bool& ended_) -> task<> {
    auto stubborn = asio::async_initiate<const use_task_t, void()>([&](auto handler) {
      auto timer = std::make_unique<asio::steady_timer>(io_context(), 20ms);
      auto& waiting = *timer;
      waiting.async_wait([&ended_, t = std::move(timer), h = std::move(handler)](boost::system::error_code) mutable {
        ended_ = true;
        std::move(h)();
      });
    }, use_task);
    co_await with_timeout(1ms, std::move(stubborn));
  };
  run(body(ended));
  CHECK(ended);
}
}
