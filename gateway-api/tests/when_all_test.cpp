#include <csgi/when_all.hpp>
#include "scripted_tasks.hpp"
#include <csgi/sleep.hpp>
#include <doctest/doctest.h>
#include <memory>
#include <string>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

// How a when_all ended: 0..7 the one that failed, or one of these.
constexpr std::size_t values = 100, was_cancelled = 101;

task<> wait_for_all(async_exchange, scripted_tasks& all, const std::vector<script>& play, std::size_t& how) {
  all.top = co_await own_promise();
  std::vector<task<std::size_t>> parts;
  for (std::size_t i = 0; i < play.size(); ++i) parts.push_back(all.make(play[i], i));
  try {
    const auto got = co_await when_all(std::move(parts));
    bool right = got.size() == play.size();
    for (std::size_t i = 0; i < got.size(); ++i) right = right && got[i] == i;
    how = right ? values : 999;
  } catch (const mishap& m) {
    how = m.of;
  } catch (const cancelled&) {
    how = was_cancelled;
  }
}

struct expectation {
  std::size_t begun = 0;
  std::size_t how = values;
};

// What the rules say of it.
expectation predict(const std::vector<script>& play) {
  expectation e;
  bool stopped = false;
  std::size_t first_late_failure = values;
  bool somebody_minds = false;
  for (std::size_t i = 0; i < play.size() && !stopped; ++i) {
    ++e.begun;
    const auto how = play[i];
    if (how == script::fails_now) {
      e.how = i;
      return e;
    }
    if (how == script::stops_now) stopped = true;
    if (how == script::fails_later && first_late_failure == values) first_late_failure = i;
    if (how == script::later || how == script::late || how == script::fails_later) somebody_minds = true;
  }
  if (stopped) e.how = somebody_minds || e.begun < play.size() ? was_cancelled : values;
  else e.how = first_late_failure;
  return e;
}

task<int> number(async_exchange ex, int n, clock::duration after) {
  if (after > 0s) co_await ex.sleep_for(after);
  co_return n;
}

task<std::unique_ptr<int>> boxed(int n) { co_return std::make_unique<int>(n); }
task<> nothing() { co_return; }
task<int> ready(async_exchange, int n) { co_return n; }

task<> throws(async_exchange ex, int n, clock::duration after) {
  if (after > 0s) co_await ex.sleep_for(after);
  throw n;
}

}  // namespace

TEST_SUITE("when_all") {
TEST_CASE("gives the values in the order of the tasks, whenever they end, and monostate for none") {
  for (const auto how : {completion::inside, completion::later}) {
    recording_exchange x(how, {.chunks = {"bytes"}});
    const auto body = [](async_exchange ex, std::string& got) -> task<> {
      auto result = co_await when_all(number(ex, 1, 3h), nothing(), boxed(2), number(ex, 3, 1h), ex.read());
      static_assert(std::is_same_v<decltype(result), std::tuple<int, std::monostate, std::unique_ptr<int>, int, std::string_view>>);
      got = std::to_string(std::get<0>(result)) + std::to_string(*std::get<2>(result)) +
            std::to_string(std::get<3>(result)) + std::string(std::get<4>(result));
    };
    std::string got;
    x.run(body(async_exchange(x), got));
    CHECK(got == "123bytes");
    CHECK(x.frames().held == 0);
  }
}

TEST_CASE("of nothing ends at once, as a tuple and as a range") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange) -> task<> {
    const auto none = co_await when_all();
    static_assert(std::tuple_size_v<decltype(none)> == 0);
    std::vector<task<int>> numbers;
    const auto empty = co_await when_all(std::move(numbers));
    std::vector<task<>> voids;
    co_await when_all(std::move(voids));
    if (!empty.empty()) throw std::logic_error("not empty");
  };
  x.run(body(async_exchange(x)));
}

TEST_CASE("the tasks wait at the same time: the longest wait is the only one") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange ex) -> task<> { co_await when_all(ex.sleep_for(1h), ex.sleep_for(3h), ex.sleep_for(2h)); };
  driven_task d(body(async_exchange(x)));
  CHECK(x.executor().waits().size() == 3);
  x.executor().run();
  CHECK(d.over);
}

TEST_CASE("the first failure stops the others, and is thrown when all have ended, at every position") {
  for (int failing = 0; failing < 3; ++failing) {
    for (const auto after : {0h, 1h}) {
      recording_exchange x(completion::later);
      int caught = 0;
      const auto body = [](async_exchange ex, int at, clock::duration when, int& out) -> task<> {
        std::vector<task<>> parts;
        for (int i = 0; i < 3; ++i) {
          parts.push_back(i == at ? throws(ex, i + 1, when) : throws(ex, 100, 5h));
        }
        try {
          co_await when_all(std::move(parts));
        } catch (int number) {
          out = number;
        }
      };
      x.run(body(async_exchange(x), failing, after, caught));
      CHECK(caught == failing + 1);
      CHECK(x.frames().held == 0);
    }
  }
}

TEST_CASE("every way in which up to four tasks may end") {
  for_every_script([](const std::vector<script>& play) {
    must_play_out(wait_for_all, play, predict(play));
  });
}

TEST_CASE("a stop from above reaches every task once, and nothing resumes inside it") {
  for_every_script([](const std::vector<script>& play) {
    if (predict(play).begun < play.size()) return;
    recording_exchange x(completion::later);
    scripted_tasks all(x);
    std::size_t how = 999;
    driven_task d(wait_for_all(async_exchange(x), all, play, how));
    const bool waited = !d.over;
    d.coroutine.stop();
    d.coroutine.stop();
    REQUIRE(d.over == !waited);
    x.executor().run();
    REQUIRE(d.over);
    for (std::size_t i = 0; i < play.size(); ++i) {
      const bool waits = play[i] != script::now && play[i] != script::fails_now && play[i] != script::stops_now;
      REQUIRE(all.cancellations[i] == (waits ? 1 : 0));
      REQUIRE(all.ended[i] == 1);
    }
  });
}

TEST_CASE("is refused in a coroutine that was stopped before: no task runs") {
  recording_exchange x(completion::later);
  scripted_tasks all(x);
  std::size_t how = 999;
  const std::vector<script> play{script::now, script::later};
  auto coroutine = wait_for_all(async_exchange(x), all, play, how);
  coroutine.stop();
  driven_task d(std::move(coroutine));
  CHECK(d.over);
  CHECK(how == was_cancelled);
  CHECK(all.started[0] == 0);
}

TEST_CASE("the tasks work for the exchange of who awaits them, and on its executor") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange) -> task<> {
    const auto sleeper = []() -> task<> { co_await sleep_for(1h); };
    std::vector<task<>> more;
    more.push_back(sleeper());
    co_await when_all(sleeper(), sleep_for(1h), when_all(std::move(more)));
  };
  x.run(body(async_exchange(x)));
  CHECK(x.executor().waits().size() == 3);
}

TEST_CASE("the tuple form takes no memory but the tasks' frames") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange ex) -> task<> {
    co_await when_all(ready(ex, 1), ready(ex, 2), ready(ex, 3), ready(ex, 4), ready(ex, 5));
  };
  x.run(body(async_exchange(x)));
  CHECK(x.frames().taken <= 6);          // a compiler may keep some frames elsewhere
  CHECK(x.frames().held == 0);
}

TEST_CASE("a hundred thousand of them one after the other, and of one with as many tasks, do not grow the stack") {
  recording_exchange x(completion::inside);
  const auto loop = [](async_exchange) -> task<> {
    for (int i = 0; i < 100'000; ++i) co_await when_all(nothing(), nothing());
  };
  const auto many = [](async_exchange ex, clock::duration each) -> task<> {
    std::vector<task<int>> parts;
    for (int i = 0; i < 100'000; ++i) parts.push_back(number(ex, i, each));
    const auto got = co_await when_all(std::move(parts));
    if (got.back() != 99'999) throw std::logic_error("another's value");
  };
  x.run(loop(async_exchange(x)));
  x.run(many(async_exchange(x), 0h));
  x.run(many(async_exchange(x), 1h));
}

TEST_CASE("when_all in when_all: the innermost failure stops them all") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange ex, int& out) -> task<> {
    try {
      co_await when_all(ex.sleep_for(9h), when_all(throws(ex, 7, 1h), ex.sleep_for(9h)), number(ex, 1, 9h));
    } catch (int number) {
      out = number;
    }
  };
  int caught = 0;
  x.run(body(async_exchange(x), caught));
  CHECK(caught == 7);
}
}
