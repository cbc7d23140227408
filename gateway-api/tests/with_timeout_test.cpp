#include <csgi/with_timeout.hpp>
#include "scripted_tasks.hpp"
#include <csgi/when_all.hpp>
#include <csgi/when_any.hpp>
#include <csgi/middleware.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

task<int> number(async_exchange ex, int n, clock::duration after) {
  if (after > 0s) co_await ex.sleep_for(after);
  co_return n;
}

task<> nothing() { co_return; }

// How with_timeout(2h) of an operation or task ended, in a word.
template <class Make>
task<> note(async_exchange ex, Make make, std::string& word) {
  try {
    co_await with_timeout(2h, make(ex));
    word = "value";
  } catch (const timed_out&) {
    word = "timed_out";
  } catch (const cancelled&) {
    word = "cancelled";
  } catch (const std::exception& e) {
    word = e.what();
  }
}

template <class Make>
std::string outcome_of(Make make, completion how = completion::later) {
  recording_exchange x(how, {.end = body_end::stalled});
  std::string word;
  x.run(note(async_exchange(x), make, word));
  CHECK(x.frames().held == 0);
  return word;
}

task<> fails_when_stopped(async_exchange ex) {
  try {
    co_await ex.sleep_for(9h);
  } catch (const cancelled&) {
    throw std::runtime_error("could not tidy up");
  }
}

task<> stops_when_cancelled(async_exchange ex, driven_task*& who) {
  try {
    co_await ex.sleep_for(9h);
  } catch (const cancelled&) {
    who->coroutine.stop();
    throw;
  }
}

task<> takes_its_time(async_exchange ex, bool& ended) {
  for (int i = 0; i < 3; ++i) {
    try {
      co_await ex.sleep_for(9h);
    } catch (const cancelled&) {  // and goes on
    }
  }
  ended = true;
}

}  // namespace

TEST_SUITE("with_timeout") {
TEST_CASE("a duration that the clock cannot count is no limit") {
  CHECK(from_now(std::chrono::hours::max()) == clock::time_point::max());
  CHECK(from_now(std::chrono::years(10'000)) == clock::time_point::max());
  CHECK(from_now(clock::duration::max()) == clock::time_point::max());
  CHECK(from_now(std::chrono::hours::min()) < clock::now() + std::chrono::hours(1));
  CHECK(from_now(std::chrono::hours(1)) > clock::now());
}

TEST_CASE("what ends in time gives its value, and the timer ends too") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange ex, int& out) -> task<> { out = co_await with_timeout(2h, number(ex, 5, 1h)); };
  int got = 0;
  x.run(body(async_exchange(x), got));
  CHECK(got == 5);
  CHECK(x.executor().waits().size() == 2);
  CHECK(x.frames().held == 0);
}

TEST_CASE("what ends at once needs no timer") {
  for (const auto how : {completion::inside, completion::later}) {
    recording_exchange x(how);
    const auto body = [](async_exchange ex, int& out) -> task<> { out = co_await with_timeout(2h, number(ex, 5, 0s)); };
    int got = 0;
    x.run(body(async_exchange(x), got));
    CHECK(got == 5);
    CHECK(x.executor().waits().empty());
  }
}

TEST_CASE("what does not is stopped, and timed_out is thrown when it has ended: tasks and operations alike") {
  CHECK(outcome_of([](async_exchange ex) { return number(ex, 5, 3h); }) == "timed_out");
  CHECK(outcome_of([](async_exchange ex) { return ex.read(); }) == "timed_out");
  CHECK(outcome_of([](async_exchange ex) { return ex.sleep_for(3h); }) == "timed_out");
  CHECK(outcome_of([](async_exchange ex) { return ex.gone(); }) == "timed_out");
  CHECK(outcome_of([](async_exchange ex) { return when_all(ex.read(), ex.sleep_for(1h)); }) == "timed_out");
  CHECK(outcome_of([](async_exchange ex) { return when_any(ex.read(), ex.gone()); }) == "timed_out");
  CHECK(outcome_of([](async_exchange ex) { return when_any(ex.read(), ex.sleep_for(1h)); }) == "value");
  CHECK(outcome_of([](async_exchange ex) { return with_timeout(1h, ex.read()); }) == "timed_out");
  CHECK(outcome_of([](async_exchange ex) { return with_timeout(3h, ex.read()); }) == "timed_out");
}

TEST_CASE("what goes on in spite of the stop is waited for, and its value counts") {
  bool ended = false;
  CHECK(outcome_of([&ended](async_exchange ex) { return takes_its_time(ex, ended); }) == "value");
  CHECK(ended);
}

TEST_CASE("another failure than cancelled is thrown as it is, after the time too") {
  CHECK(outcome_of(fails_when_stopped) == "could not tidy up");
}

TEST_CASE("after a read that timed out another one may begin") {
  recording_exchange x(completion::later, {.chunks = {"one"}, .end = body_end::stalled});
  const auto body = [](async_exchange ex, std::string& out) -> task<> {
    for (int i = 0; i < 3; ++i) {
      try {
        const auto chunk = co_await with_timeout(1h, ex.read());
        out += chunk;
      } catch (const timed_out&) {
        out += '.';
      }
    }
  };
  std::string got;
  x.run(body(async_exchange(x), got));
  CHECK(got == "one..");
}

TEST_CASE("a write that timed out has aborted the exchange") {
  recording_exchange x(completion::later);
  x.writes_stall = true;
  const auto body = [](async_exchange ex) -> task<> {
    ex.start(200);
    co_await with_timeout(1h, ex.write("bytes"));
  };
  CHECK_THROWS_AS(x.run(body(async_exchange(x))), timed_out);
  CHECK(x.phase() == phase::aborted);
}

TEST_CASE("a stop from above is cancelled, not timed_out, before the time and after it") {
  recording_exchange x(completion::later, {.end = body_end::stalled});
  std::string word;
  driven_task d(note(async_exchange(x), [](async_exchange ex) { return ex.read(); }, word));
  d.coroutine.stop();
  CHECK(!d.over);
  x.executor().run();
  CHECK(d.over);
  CHECK(word == "cancelled");

  driven_task* late = nullptr;
  const auto is_stopped_meanwhile = [&late](async_exchange ex) { return stops_when_cancelled(ex, late); };
  driven_task other(note(async_exchange(x), is_stopped_meanwhile, word));
  late = &other;
  word.clear();
  x.executor().run();
  CHECK(other.over);
  CHECK(word == "cancelled");
}

TEST_CASE("no limit begins no timer, and a time that is past stops at once") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange ex, int& out) -> task<> {
    out = co_await with_timeout(clock::duration::max(), number(ex, 5, 1h));
    try {
      out += co_await with_timeout(-1h, number(ex, 5, 1h));
    } catch (const timed_out&) {
      ++out;
    }
  };
  int got = 0;
  x.run(body(async_exchange(x), got));
  CHECK(got == 6);
  CHECK(x.executor().waits().size() == 3);
}

TEST_CASE("in a blocking exchange everything ends at once, and so it does no harm") {
  CHECK(outcome_of([](async_exchange ex) { return number(ex, 5, 3h); }, completion::inside) == "value");
}

TEST_CASE("where no executor is known it is misuse") {
  const auto body = []() -> task<> { co_await with_timeout(1h, nothing()); };
  CHECK_THROWS_AS(drive(body()), misuse);
}

TEST_CASE("every way in which up to four tasks may end, cut off when some have and some have not") {
  for_every_script([](const std::vector<script>& play) {
    recording_exchange x(completion::later);
    scripted_tasks all(x);
    const auto body = [](async_exchange, scripted_tasks& every, const std::vector<script>& scripted) -> task<> {
      every.top = co_await own_promise();
      std::vector<task<std::size_t>> parts;
      for (std::size_t i = 0; i < scripted.size(); ++i) parts.push_back(every.make(scripted[i], i));
      try {
        co_await with_timeout(150min, when_all(std::move(parts)));
      } catch (const mishap&) {
      } catch (const error&) {
      }
    };
    driven_task d(body(async_exchange(x), all, play));
    x.executor().run();
    REQUIRE(d.over);
    for (std::size_t i = 0; i < 8; ++i) {
      REQUIRE(all.ended[i] == all.started[i]);
      REQUIRE(all.cancellations[i] <= 1);
    }
  });
}

TEST_CASE("a hundred thousand of them one after the other do not grow the stack") {
  for (const auto how : {completion::inside, completion::later}) {
    recording_exchange x(how);
    const auto loop = [](async_exchange ex) -> task<> {
      for (int i = 0; i < 100'000; ++i) {
        co_await with_timeout(2h, nothing());
        co_await with_timeout(2h, ex.read());
      }
    };
    x.run(loop(async_exchange(x)));
  }
}
}
