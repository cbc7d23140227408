#include <csgi/task.hpp>
#include "driven_task.hpp"
#include "recording_exchange.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

task<int> answer(async_exchange ex) {
  co_await ex.sleep_for(1h);
  co_return 42;
}

task<std::unique_ptr<int>> boxed() { co_return std::make_unique<int>(7); }

task<> fails(async_exchange ex) {
  co_await ex.sleep_for(1h);
  throw 42;
}

task<> nothing() { co_return; }

struct scope {
  std::string& order;
  char name;
  ~scope() { order += name; }
};

task<> innermost(async_exchange ex, std::string& order) {
  scope mine{order, 'i'};
  co_await ex.read();
}

task<> middle(async_exchange ex, std::string& order) {
  scope mine{order, 'm'};
  co_await innermost(ex, order);
}

task<> outer(async_exchange ex, std::string& order) {
  scope mine{order, 'o'};
  co_await middle(ex, order);
}

task<> persistent(async_exchange ex, int& refusals) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    try {
      co_await ex.sleep_for(1h);
    } catch (const cancelled&) {
      ++refusals;
    }
  }
}

task<> awaits_children(int times) {
  for (int i = 0; i < times; ++i) co_await nothing();
}

task<> reads(async_exchange ex, int times) {
  for (int i = 0; i < times; ++i) co_await ex.read();
}

task<> awaits_sleepers(async_exchange ex, int times) {
  for (int i = 0; i < times; ++i) {
    const auto value = co_await answer(ex);
    if (value != 42) throw std::logic_error("another answer");
  }
}

}  // namespace

TEST_SUITE("task") {
TEST_CASE("a task does nothing until it is awaited") {
  recording_exchange x(completion::later);
  task<int> (*volatile call)(async_exchange) = answer;    // volatile: else clang sees through it and takes no frame
  { const auto unused = call(async_exchange(x)); }
  CHECK(x.executor().waits().empty());
  CHECK(x.frames().taken == 1);
  CHECK(x.frames().held == 0);
}

TEST_CASE("a value comes out of nested tasks, whether they wait or not") {
  for (const auto how : {completion::inside, completion::later}) {
    recording_exchange x(how);
    int got = 0;
    const auto body = [](async_exchange ex, int& out) -> task<> {
      const auto first = co_await answer(ex);
      const auto second = co_await boxed();
      out = first + *second;
    };
    x.run(body(async_exchange(x), got));
    CHECK(got == 49);
  }
}

TEST_CASE("whatever a task throws reaches who awaits it") {
  for (const auto how : {completion::inside, completion::later}) {
    recording_exchange x(how);
    int caught = 0;
    const auto body = [](async_exchange ex, int& out) -> task<> {
      try {
        co_await fails(ex);
      } catch (int number) {
        out = number;
      }
    };
    x.run(body(async_exchange(x), caught));
    CHECK(caught == 42);
    CHECK_THROWS_AS(x.run(fails(async_exchange(x))), int);
  }
}

TEST_CASE("stopping a task ends the operation at the bottom of its awaits, and unwinds from there") {
  recording_exchange x(completion::later, {.end = body_end::stalled});
  std::string order;
  driven_task d(outer(async_exchange(x), order));
  x.executor().run();
  CHECK(!d.over);
  d.coroutine.stop();
  CHECK(order.empty());  // nothing resumes inside stop()
  x.executor().run();
  CHECK(d.over);
  CHECK(order == "imo");
  CHECK_THROWS_AS(d.coroutine.result(), cancelled);
}

TEST_CASE("a stop is for ever: each later await is refused too") {
  recording_exchange x(completion::later);
  int refusals = 0;
  driven_task d(persistent(async_exchange(x), refusals));
  d.coroutine.stop();
  x.executor().run();
  CHECK(d.over);
  CHECK(refusals == 3);
}

TEST_CASE("a task that was stopped before it starts begins no operation") {
  recording_exchange x(completion::later);
  int refusals = 0;
  auto coroutine = persistent(async_exchange(x), refusals);
  coroutine.stop();
  driven_task d(std::move(coroutine));
  CHECK(d.over);
  CHECK(refusals == 3);
  CHECK(x.executor().waits().empty());
}

TEST_CASE("a million awaits that complete at once do not grow the stack") {
  recording_exchange x(completion::inside);
  x.run(awaits_children(1'000'000));
  x.run(reads(async_exchange(x), 1'000'000));
}

TEST_CASE("a hundred thousand awaits of tasks that wait do not grow the stack") {
  recording_exchange x(completion::later);
  x.run(awaits_sleepers(async_exchange(x), 100'000));
  CHECK(x.executor().waits().size() == 100'000);
}

TEST_CASE("frames of coroutines with an exchange come from its memory and go back, others come from the heap") {
  recording_exchange x(completion::later);
  x.run(awaits_sleepers(async_exchange(x), 10));
  CHECK(x.frames().taken == 11);
  CHECK(x.frames().held == 0);
  x.run(awaits_children(10));
  CHECK(x.frames().taken == 11);
}

TEST_CASE("a failed task gives its frame back as well") {
  recording_exchange x(completion::later);
  CHECK_THROWS_AS(x.run(fails(async_exchange(x))), int);
  CHECK(x.frames().held == 0);
}
}
