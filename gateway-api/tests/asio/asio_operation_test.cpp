#include <csgi/asio.hpp>
#include "driven_task.hpp"
#include "io_context_executor.hpp"
#include <boost/asio/deferred.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csgi/run.hpp>
#include <csgi/when_all.hpp>
#include <doctest/doctest.h>
#include <future>
#include <string>

using namespace csgi;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using error_code = boost::system::error_code;

/// An asynchronous operation whose handler is called on another thread with these values.
template <class Signature, class... T>
auto gives(T... values) {
  return asio::async_initiate<const use_task_t, Signature>([](auto handler, auto... given) {
    asio::post(io_context(), [h = std::move(handler), ... g = std::move(given)]() mutable { std::move(h)(std::move(g)...); });
  }, use_task, std::move(values)...);
}

/// One whose initiation is this function of the handler.
template <class Signature, class Initiation>
auto begun_by(Initiation initiation) {
  return asio::async_initiate<const use_task_t, Signature>(std::move(initiation), use_task);
}

template <class Awaitable>
auto value_of(Awaitable what) -> decltype(what.result()) {
  return run([](Awaitable awaited) -> task<decltype(awaited.result())> { co_return co_await awaited; }(std::move(what)));
}

template <class Awaitable>
std::error_code code_of(Awaitable what) {
  try {
    run([](Awaitable awaited) -> task<> { co_await awaited; }(std::move(what)));
  } catch (const error& e) {
    return e.code();
  }
  return {};
}

}  // namespace

TEST_SUITE("asio operation") {
TEST_CASE("it gives what follows the failure in the completion signature") {
  value_of(gives<void()>());
  value_of(gives<void(error_code)>(error_code()));
  value_of(gives<void(std::exception_ptr)>(std::exception_ptr()));
  CHECK(value_of(gives<void(int)>(5)) == 5);
  CHECK(value_of(gives<void(error_code, int)>(error_code(), 5)) == 5);
  CHECK(value_of(gives<void(std::error_code, int)>(std::error_code(), 5)) == 5);
  CHECK(value_of(gives<void(std::exception_ptr, int)>(std::exception_ptr(), 5)) == 5);
  CHECK(value_of(gives<void(error_code, int, std::string)>(error_code(), 5, "five")) == std::tuple(5, std::string("five")));
  CHECK(value_of(gives<void(int, std::string)>(5, "five")) == std::tuple(5, std::string("five")));
  CHECK(*value_of(gives<void(error_code, std::unique_ptr<int>)>(error_code(), std::make_unique<int>(5))) == 5);
}

TEST_CASE("it throws what Asio fails with, as a std::errc value where it has one") {
  const auto fails = [](error_code with) { return code_of(gives<void(error_code, int)>(with, 0)); };
  CHECK(fails(asio::error::connection_refused) == std::make_error_code(std::errc::connection_refused));
  CHECK(fails(asio::error::operation_aborted) == std::make_error_code(std::errc::operation_canceled));
  CHECK(fails(asio::error::eof) == error_code(asio::error::eof));
  CHECK(fails(asio::error::host_not_found) == error_code(asio::error::host_not_found));
  CHECK_THROWS_AS(value_of(gives<void(error_code)>(asio::error::operation_aborted)), cancelled);
  CHECK_THROWS_AS(value_of(gives<void(error_code)>(asio::error::timed_out)), timed_out);
  CHECK_THROWS_WITH_AS(value_of(gives<void(error_code)>(asio::error::connection_refused)),
                       "an operation of Asio: Connection refused", error);
  const auto far = std::make_exception_ptr(std::domain_error("far"));
  CHECK_THROWS_AS(value_of(gives<void(std::exception_ptr, int)>(far, 5)), std::domain_error);
}

TEST_CASE("what its initiation throws is thrown") {
  CHECK_THROWS_AS(value_of(begun_by<void()>([](auto) { throw std::domain_error("not today"); })), std::domain_error);
}

TEST_CASE("a handler that is destroyed uncalled is a cancelled operation") {
  CHECK_THROWS_AS(value_of(begun_by<void(int)>([](auto) {})), cancelled);
}

TEST_CASE("an io_context that ends before an operation of it cancels that, begun or not") {
  const auto waits = [](asio::steady_timer& timer) -> task<> { co_await timer.async_wait(use_task); };
  const auto ends = [](auto& context, auto& timer, bool first_begin) -> task<> {
    if (first_begin) context->poll();
    timer.reset();
    context.reset();
    co_return;
  };
  for (const bool begun : {false, true}) {
    std::optional<asio::io_context> context(std::in_place);
    std::optional<asio::steady_timer> timer(std::in_place, *context, 1h);
    const auto body = [&]() -> task<> { co_await when_all(waits(*timer), ends(context, timer, begun)); };
    CHECK_THROWS_AS(run(body()), cancelled);
  }
}

TEST_CASE("it does nothing until it is awaited, and keeps its arguments until then") {
  const auto argument = std::make_shared<int>(5);
  bool initiated = false;
  {
    auto dropped = asio::async_initiate<const use_task_t, void(int)>([&](auto handler, std::shared_ptr<int> given) {
      initiated = true;
      std::move(handler)(*given);
    }, use_task, argument);
    CHECK(argument.use_count() == 2);
    auto moved = std::move(dropped);
    CHECK(argument.use_count() == 2);
  }
  CHECK(argument.use_count() == 1);
  CHECK(!initiated);
}

TEST_CASE("a coroutine that was stopped before does not begin it") {
  bool initiated = false;
  const auto body = [](bool& initiated_) -> task<> {
    co_await begun_by<void()>([&](auto handler) {
      initiated_ = true;
      std::move(handler)();
    });
  };
  auto coroutine = body(initiated);
  coroutine.stop();
  CHECK_THROWS_AS(run(std::move(coroutine)), cancelled);
  CHECK(!initiated);
}

TEST_CASE("where the coroutine runs on no executor, it is refused and not begun") {
  bool initiated = false;
  const auto body = [](bool& initiated_) -> task<> {
    co_await begun_by<void()>([&](auto) { initiated_ = true; });
  };
  driven_task d(body(initiated));
  REQUIRE(d.over);
  CHECK_THROWS_WITH_AS(d.coroutine.result(), "an operation of Asio: Operation not supported", error);
  CHECK(!initiated);
}

TEST_CASE("the coroutine goes on on its own thread, and all of the operation is on that of the I/O object") {
  const auto body = []() -> task<> {
    const auto mine = std::this_thread::get_id();
    const auto of_context = [] {
      std::promise<std::thread::id> it;
      asio::post(io_context(), [&] { it.set_value(std::this_thread::get_id()); });
      return it.get_future().get();
    }();
    std::thread::id initiated;
    co_await begun_by<void()>([&](auto handler) {
      initiated = std::this_thread::get_id();
      std::move(handler)();
    });
    CHECK(std::this_thread::get_id() == mine);
    CHECK(mine != of_context);
    CHECK(initiated == of_context);
    asio::steady_timer timer(io_context(), 1ms);
    co_await timer.async_wait(use_task);
    CHECK(std::this_thread::get_id() == mine);
  };
  run(body());
}

TEST_CASE("on an executor that offers its io_context, all of it is on that thread") {
  io_context_executor here;
  const auto body = []() -> task<> {
    const auto mine = std::this_thread::get_id();
    std::thread::id initiated;
    auto own = begun_by<void()>([&](auto handler) {
      initiated = std::this_thread::get_id();
      std::move(handler)();
    });
    co_await own;
    CHECK(initiated == mine);
  };
  placed_task one(here, body());
  here.run();
  REQUIRE(one.over);
  one.coroutine.result();
}

TEST_CASE("a handler that is called inside of another coroutine does not resume its own in there") {
  io_context_executor here;
  std::string order;
  const auto waits = [](asio::io_context& on, std::string& order_) -> task<> {
    co_await asio::post(on, use_task);
    order_ += " resumed";
  };
  const auto polls = [](asio::io_context& on, std::string& order_) -> task<> {
    order_ += "polls";
    on.poll_one();
    order_ += " polled";
    co_return;
  };
  placed_task first(here, waits(here.context(), order));
  placed_task second(here, polls(here.context(), order));
  here.run();
  CHECK(first.over);
  CHECK(order == "polls polled resumed");
}

TEST_CASE("neither operations that end inside their initiation nor others grow the stack, however many") {
  io_context_executor here;
  const auto body = [](asio::io_context& on) -> task<> {
    for (int i = 0; i < 100'000; ++i) {
      co_await begun_by<void()>([](auto handler) { std::move(handler)(); });
      co_await asio::post(on, use_task);
    }
  };
  placed_task d(here, body(here.context()));
  here.run();
  REQUIRE(d.over);
  d.coroutine.result();
}

TEST_CASE("a deferred operation takes it as its token") {
  asio::steady_timer timer(io_context(), 1ms);
  auto later = timer.async_wait(asio::deferred);
  value_of(std::move(later)(use_task));
}

TEST_CASE("the io_context of the process is one") {
  CHECK(&io_context() == &io_context());
}
}
