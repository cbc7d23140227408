#include <csgi/when_any.hpp>
#include "scripted_tasks.hpp"
#include <csgi/when_all.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t was_cancelled = 101, failed_from = 200;

task<> wait_for_any(async_exchange, scripted_tasks& all, const std::vector<script>& play, std::size_t& how) {
  all.top = co_await own_promise();
  std::vector<task<std::size_t>> parts;
  for (std::size_t i = 0; i < play.size(); ++i) parts.push_back(all.make(play[i], i));
  try {
    const auto got = co_await when_any(std::move(parts));
    how = got.index == got.value ? got.index : 999;
  } catch (const mishap& m) {
    how = failed_from + m.of;
  } catch (const cancelled&) {
    how = was_cancelled;
  }
}

struct expectation {
  std::size_t begun = 0;
  std::size_t how = 999;
};

expectation predict(const std::vector<script>& play) {
  expectation e;
  for (std::size_t i = 0; i < play.size(); ++i) {
    ++e.begun;
    if (play[i] == script::now || play[i] == script::stops_now) return {e.begun, i};
    if (play[i] == script::fails_now) return {e.begun, failed_from + i};
  }
  for (std::size_t i = 0; i < play.size(); ++i) {
    if (play[i] == script::later) return {e.begun, i};
    if (play[i] == script::fails_later) return {e.begun, failed_from + i};
  }
  e.how = 0;
  return e;
}

task<std::string> text(async_exchange ex, clock::duration after) {
  co_await ex.sleep_for(after);
  co_return "text";
}

task<> nothing() { co_return; }

task<int> fails_when_stopped(async_exchange ex) {
  try {
    co_await ex.sleep_for(9h);
  } catch (const cancelled&) {
    throw std::runtime_error("could not tidy up");
  }
  co_return 1;
}

}  // namespace

TEST_SUITE("when_any") {
TEST_CASE("gives the first that ends, by its index and with its value") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange ex, std::string& out) -> task<> {
    auto first = co_await when_any(ex.sleep_for(3h), text(ex, 1h), text(ex, 2h));
    static_assert(std::is_same_v<decltype(first), std::variant<std::monostate, std::string, std::string>>);
    if (first.index() == 1) out = std::get<1>(first);
  };
  std::string got;
  x.run(body(async_exchange(x), got));
  CHECK(got == "text");
  CHECK(x.frames().held == 0);
}

TEST_CASE("every way in which up to four tasks may end") {
  for_every_script([](const std::vector<script>& play) {
    if (play.empty()) return;
    must_play_out(wait_for_any, play, predict(play));
  });
}

TEST_CASE("a stop from above reaches every task once, and the first that ends is what it gives") {
  for_every_script([](const std::vector<script>& play) {
    const auto waits = [](script s) { return s != script::now && s != script::fails_now && s != script::stops_now; };
    if (play.empty() || !std::ranges::all_of(play, waits)) return;
    recording_exchange x(completion::later);
    scripted_tasks all(x);
    std::size_t how = 999;
    driven_task d(wait_for_any(async_exchange(x), all, play, how));
    d.coroutine.stop();
    REQUIRE(!d.over);
    x.executor().run();
    REQUIRE(d.over);
    REQUIRE(how == (play[0] == script::stubborn ? 0 : was_cancelled));
    for (std::size_t i = 0; i < play.size(); ++i) REQUIRE(all.cancellations[i] == 1);
  });
}

TEST_CASE("how the others end does not matter any more") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange ex, std::size_t& out) -> task<> {
    const auto first = co_await when_any(fails_when_stopped(ex), ex.sleep_for(1h));
    out = first.index();
  };
  std::size_t got = 0;
  x.run(body(async_exchange(x), got));
  CHECK(got == 1);
}

TEST_CASE("of an empty range is misuse, since it would never end") {
  std::vector<task<>> none;
  CHECK_THROWS_AS(static_cast<void>(when_any(std::move(none))), misuse);
}

TEST_CASE("a hundred thousand of them one after the other do not grow the stack") {
  recording_exchange x(completion::inside);
  const auto loop = [](async_exchange ex) -> task<> {
    for (int i = 0; i < 100'000; ++i) co_await when_any(nothing(), ex.sleep_for(1h));
  };
  x.run(loop(async_exchange(x)));
  CHECK(x.executor().waits().empty());
}

TEST_CASE("when_any and when_all in each other stop what is left, down to the operations") {
  recording_exchange x(completion::later, {.end = body_end::stalled});
  const auto body = [](async_exchange ex, std::size_t& out) -> task<> {
    const auto first = co_await when_any(when_all(ex.read(), ex.gone()), when_any(text(ex, 5h), text(ex, 1h)), ex.sleep_for(7h));
    out = first.index();
  };
  std::size_t got = 0;
  x.run(body(async_exchange(x), got));
  CHECK(got == 1);
  CHECK(x.frames().held == 0);
}
}
