#include <csgi/scope.hpp>
#include "scripted_tasks.hpp"
#include <csgi/sleep.hpp>
#include <csgi/when_all.hpp>
#include <csgi/when_any.hpp>
#include <csgi/with_timeout.hpp>
#include <csignal>
#include <doctest/doctest.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t no_failure = 100, was_cancelled = 101;

task<> notes(async_exchange ex, std::string& trace, char name, clock::duration after) {
  if (after > 0s) co_await ex.sleep_for(after);
  trace += name;
}

task<> throws(async_exchange ex, int n, clock::duration after) {
  if (after > 0s) co_await ex.sleep_for(after);
  throw n;
}

task<> nothing() { co_return; }

// Spawns what the script says, then waits for three hours.
task<> spawn_all(async_exchange ex, scripted_tasks& all, const std::vector<script>& play, std::size_t& how) {
  all.top = co_await own_promise();
  try {
    co_await scoped([&](task_scope& scope) -> task<> {
      for (std::size_t i = 0; i < play.size(); ++i) scope.spawn(all.make_void(play[i], i));
      co_await ex.sleep_for(150min);
    });
    how = no_failure;
  } catch (const mishap& m) {
    how = m.of;
  } catch (const cancelled&) {
    how = was_cancelled;
  }
}

struct expectation {
  std::size_t begun = 0;
  std::size_t how = no_failure;
};

expectation predict(const std::vector<script>& play) {
  expectation e;
  for (std::size_t i = 0; i < play.size(); ++i) {
    ++e.begun;
    if (play[i] == script::fails_now) {
      e.how = i;
      return e;
    }
    if (play[i] == script::stops_now) {
      e.how = was_cancelled;
      return e;
    }
    if (play[i] == script::fails_later && e.how == no_failure) e.how = i;
  }
  return e;
}

// What `act` writes to standard error before it is killed by abort().
template <class Act>
std::string last_words(Act act) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto child = ::fork();
  if (child == 0) {
    ::signal(SIGABRT, SIG_DFL);
    ::dup2(ends[1], STDERR_FILENO);
    act();
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string words;
  char some[256];
  for (auto got = ::read(ends[0], some, sizeof some); got > 0; got = ::read(ends[0], some, sizeof some))
    words.append(some, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  return words;
}

}  // namespace

TEST_SUITE("scope") {
TEST_CASE("spawned tasks run beside the body, and scoped ends when all have, with the body's value") {
  recording_exchange x(completion::later);
  std::string trace;
  const auto body = [](async_exchange ex, std::string& out) -> task<> {
    const auto value = co_await scoped([&](task_scope& scope) -> task<int> {
      scope.spawn(notes(ex, out, 'c', 3h));
      scope.spawn(notes(ex, out, 'a', 0h));
      scope.spawn(notes(ex, out, 'b', 1h));
      if (scope.running() != 2) throw std::logic_error("the task that ended at once still runs");
      co_await ex.sleep_for(2h);
      out += '2';
      co_return 7;
    });
    out += std::to_string(value);
  };
  x.run(body(async_exchange(x), trace));
  CHECK(trace == "ab2c7");
  CHECK(x.frames().held == 0);
}

TEST_CASE("a body that ends at once, with tasks that end at once or none, ends it at once") {
  const auto body = [](async_exchange) -> task<> {
    co_await scoped([](task_scope&) -> task<> { co_return; });
    co_await scoped([](task_scope& scope) -> task<> {
      scope.spawn(nothing());
      co_return;
    });
  };
  for (const auto how : {completion::inside, completion::later}) {
    recording_exchange x(how);
    driven_task d(body(async_exchange(x)));
    CHECK(d.over);
  }
}

TEST_CASE("join waits for the tasks so far, and more may follow") {
  recording_exchange x(completion::later);
  std::string trace;
  const auto body = [](async_exchange ex, std::string& out) -> task<> {
    co_await scoped([&](task_scope& scope) -> task<> {
      co_await scope.join();
      scope.spawn(notes(ex, out, 'a', 1h));
      scope.spawn(notes(ex, out, 'b', 2h));
      co_await scope.join();
      out += '|';
      scope.spawn(notes(ex, out, 'c', 1h));
      co_await scope.join();
      out += '|';
    });
  };
  x.run(body(async_exchange(x), trace));
  CHECK(trace == "ab|c|");
}

TEST_CASE("join throws what a task failed with, when all have ended") {
  recording_exchange x(completion::later);
  std::string trace;
  const auto body = [](async_exchange ex, std::string& out) -> task<> {
    co_await scoped([&](task_scope& scope) -> task<> {
      scope.spawn(throws(ex, 5, 1h));
      scope.spawn(notes(ex, out, 'b', 2h));
      try {
        co_await scope.join();
      } catch (int number) {
        out += std::to_string(number) + std::to_string(scope.running());
        throw;
      }
    });
  };
  CHECK_THROWS_AS(x.run(body(async_exchange(x), trace)), int);
  CHECK(trace == "50");
}

TEST_CASE("a join that times out lets the tasks run on") {
  recording_exchange x(completion::later);
  std::string trace;
  const auto body = [](async_exchange ex, std::string& out) -> task<> {
    co_await scoped([&](task_scope& scope) -> task<> {
      scope.spawn(notes(ex, out, 'a', 3h));
      try {
        co_await with_timeout(1h, scope.join());
      } catch (const timed_out&) {
        out += '.';
      }
      co_await scope.join();
      out += '|';
    });
  };
  x.run(body(async_exchange(x), trace));
  CHECK(trace == ".a|");
}

TEST_CASE("two joins at the same time are misuse") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange ex) -> task<> {
    co_await scoped([&](task_scope& scope) -> task<> {
      scope.spawn([](async_exchange own) -> task<> { co_await own.sleep_for(1h); }(ex));
      co_await when_all(scope.join(), scope.join());
    });
  };
  CHECK_THROWS_AS(x.run(body(async_exchange(x))), misuse);
}

TEST_CASE("stop() ends the tasks, which is no failure, and the body goes on; no task starts after it") {
  recording_exchange x(completion::later);
  std::string trace;
  const auto body = [](async_exchange ex, std::string& out) -> task<> {
    co_await scoped([&](task_scope& scope) -> task<> {
      scope.spawn(notes(ex, out, 'a', 3h));
      scope.spawn(notes(ex, out, 'b', 4h));
      scope.stop();
      co_await scope.join();
      co_await ex.sleep_for(1h);
      out += std::to_string(scope.running());
      try {
        scope.spawn(notes(ex, out, 'c', 0h));
      } catch (const cancelled&) {
        out += '.';
      }
    });
  };
  x.run(body(async_exchange(x), trace));
  CHECK(trace == "0.");
  CHECK(x.frames().held == 0);
}

TEST_CASE("another failure than cancelled is one after stop(), too") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange ex) -> task<> {
    co_await scoped([&](task_scope& scope) -> task<> {
      scope.spawn([](async_exchange own) -> task<> {
        try {
          co_await own.sleep_for(1h);
        } catch (const cancelled&) {
          throw 5;
        }
      }(ex));
      scope.stop();
      co_return;
    });
  };
  CHECK_THROWS_AS(x.run(body(async_exchange(x))), int);
}

TEST_CASE("a body that fails stops the tasks, and its failure is the one that is thrown") {
  for (const auto after : {0h, 1h}) {
    recording_exchange x(completion::later);
    std::string trace;
    const auto body = [](async_exchange ex, std::string& out, clock::duration when) -> task<> {
      co_await scoped([&](task_scope& scope) -> task<> {
        scope.spawn(notes(ex, out, 'a', 3h));
        co_await throws(ex, 5, when);
      });
    };
    CHECK_THROWS_AS(x.run(body(async_exchange(x), trace, after)), int);
    CHECK(trace.empty());
    CHECK(x.frames().held == 0);
  }
}

TEST_CASE("a function that spawns and then throws, or gives its coroutine after a failure, leaves nothing behind") {
  recording_exchange x(completion::later);
  std::string trace;
  const auto throwing = [](async_exchange ex, std::string& out) -> task<> {
    co_await scoped([&](task_scope& scope) -> task<> {
      scope.spawn(notes(ex, out, 'a', 3h));
      throw 5;
    });
  };
  CHECK_THROWS_AS(x.run(throwing(async_exchange(x), trace)), int);
  const auto failing = [](async_exchange ex, std::string& out) -> task<> {
    co_await scoped([&](task_scope& scope) -> task<> {
      scope.spawn(throws(ex, 5, 0h));
      return notes(ex, out, 'b', 1h);
    });
  };
  CHECK_THROWS_AS(x.run(failing(async_exchange(x), trace)), int);
  CHECK(trace.empty());
  CHECK(x.executor().waits().size() == 1);
  CHECK(x.frames().held == 0);
}

TEST_CASE("every way in which up to four tasks may end beside a body") {
  for_every_script([](const std::vector<script>& play) {
    must_play_out(spawn_all, play, predict(play));
  });
}

TEST_CASE("a stop from above reaches the body and every task once") {
  for_every_script([](const std::vector<script>& play) {
    recording_exchange x(completion::later);
    scripted_tasks all(x);
    std::size_t how = 999;
    driven_task d(spawn_all(async_exchange(x), all, play, how));
    d.coroutine.stop();
    x.executor().run();
    REQUIRE(d.over);
    for (std::size_t i = 0; i < 8; ++i) {
      REQUIRE(all.ended[i] == all.started[i]);
      REQUIRE(all.cancellations[i] <= 1);
    }
    if (predict(play).how == no_failure) REQUIRE(how == was_cancelled);
  });
}

TEST_CASE("tasks may spawn tasks, also after the body has ended") {
  recording_exchange x(completion::later);
  std::string trace;
  struct chain {
    static task<> link(async_exchange ex, task_scope& scope, std::string& out, char name) {
      co_await ex.sleep_for(1h);
      out += name;
      if (name < 'e') scope.spawn(link(ex, scope, out, static_cast<char>(name + 1)));
    }
  };
  const auto body = [](async_exchange ex, std::string& out) -> task<> {
    co_await scoped([&](task_scope& scope) -> task<> {
      scope.spawn(chain::link(ex, scope, out, 'a'));
      co_return;
    });
    out += '|';
  };
  x.run(body(async_exchange(x), trace));
  CHECK(trace == "abcde|");
}

TEST_CASE("at_most: as many as there are places run, the others wait for theirs in turn") {
  recording_exchange x(completion::later);
  std::size_t most = 0;
  std::string trace;
  const auto body = [](async_exchange ex, std::string& out, std::size_t& highest) -> task<> {
    co_await scoped(at_most(3), [&](bounded_scope& scope) -> task<> {
      for (char name = 'a'; name <= 'j'; ++name) {
        co_await scope.spawn(notes(ex, out, name, std::chrono::hours(name - 'a')));
        highest = std::max(highest, scope.running());
      }
      out += '|';
    });
  };
  x.run(body(async_exchange(x), trace, most));
  CHECK(trace == "abcdefg|hij");
  CHECK(most == 3);
  CHECK(x.frames().held == 0);
}

TEST_CASE("at_most: several that wait for a place get one in the order they asked") {
  recording_exchange x(completion::later);
  std::string trace;
  const auto body = [](async_exchange ex, std::string& out) -> task<> {
    co_await scoped(at_most(1), [&](bounded_scope& scope) -> task<> {
      co_await when_all(scope.spawn(notes(ex, out, 'a', 1h)), scope.spawn(notes(ex, out, 'b', 0h)),
                        scope.spawn(notes(ex, out, 'c', 1h)), scope.spawn(notes(ex, out, 'd', 0h)));
      out += '|';
    });
  };
  x.run(body(async_exchange(x), trace));
  CHECK(trace == "abcd|");
}

TEST_CASE("at_most: who waits for a place can be stopped, alone or with all, and its task never runs") {
  recording_exchange x(completion::later);
  std::string trace;
  const auto alone = [](async_exchange ex, std::string& out) -> task<> {
    co_await scoped(at_most(1), [&](bounded_scope& scope) -> task<> {
      co_await scope.spawn(notes(ex, out, 'a', 3h));
      try {
        co_await with_timeout(1h, scope.spawn(notes(ex, out, 'b', 0h)));
      } catch (const timed_out&) {
        out += '.';
      }
    });
  };
  x.run(alone(async_exchange(x), trace));
  CHECK(trace == ".a");
  const auto failing = [](async_exchange ex, std::string& out) -> task<> {
    co_await scoped(at_most(2), [&](bounded_scope& scope) -> task<> {
      co_await scope.spawn(throws(ex, 5, 1h));
      co_await scope.spawn(notes(ex, out, 'c', 3h));
      co_await scope.spawn(notes(ex, out, 'd', 0h));
      out += '!';
    });
  };
  CHECK_THROWS_AS(x.run(failing(async_exchange(x), trace)), int);
  CHECK(trace == ".a");
  CHECK(x.frames().held == 0);
}

TEST_CASE("a stop from above reaches who waits for a place") {
  recording_exchange x(completion::later);
  std::string trace;
  const auto body = [](async_exchange ex, std::string& out) -> task<> {
    co_await scoped(at_most(1), [&](bounded_scope& scope) -> task<> {
      co_await scope.spawn(notes(ex, out, 'a', 3h));
      co_await scope.spawn(notes(ex, out, 'b', 3h));
    });
  };
  driven_task d(body(async_exchange(x), trace));
  d.coroutine.stop();
  CHECK(!d.over);
  x.executor().run();
  CHECK(d.over);
  CHECK_THROWS_AS(d.coroutine.result(), cancelled);
  CHECK(trace.empty());
}

TEST_CASE("tasks work for the exchange of who awaits scoped, and so does their memory") {
  recording_exchange x(completion::later);
  const auto body = [](async_exchange) -> task<> {
    co_await scoped([](task_scope& scope) -> task<> {
      scope.spawn([]() -> task<> { co_await sleep_for(1h); }());
      co_await sleep_for(1h);
    });
  };
  x.run(body(async_exchange(x)));
  CHECK(x.executor().waits().size() == 2);
  CHECK(x.frames().taken == 3);          // two coroutines that know the exchange, and the note of the task that does not
  CHECK(x.frames().held == 0);
}

TEST_CASE("nested: scopes, timeouts and both whens, all stopped by one failure or by the time") {
  recording_exchange x(completion::later, {.end = body_end::stalled});
  std::string trace;
  const auto body = [](async_exchange ex, std::string& out, clock::duration limit) -> task<> {
    try {
      co_await with_timeout(limit, scoped([&](task_scope& outside) -> task<> {
        outside.spawn(notes(ex, out, 'x', 90h));
        co_await when_all(
            when_any(ex.read(), ex.gone()),
            scoped([&](task_scope& inside) -> task<> {
              inside.spawn(notes(ex, out, 'y', 90h));
              inside.spawn(throws(ex, 3, 2h));
              co_await inside.join();
            }));
      }));
    } catch (int number) {
      out += std::to_string(number);
    } catch (const timed_out&) {
      out += 't';
    }
  };
  x.run(body(async_exchange(x), trace, 9h));
  x.run(body(async_exchange(x), trace, 1h));
  CHECK(trace == "3t");
  CHECK(x.frames().held == 0);
}

TEST_CASE("a hundred thousand tasks, that end at once or later, do not grow the stack") {
  const auto spawns = [](async_exchange ex, clock::duration each) -> task<> {
    std::string trace;
    co_await scoped([&](task_scope& scope) -> task<> {
      for (int i = 0; i < 100'000; ++i) scope.spawn(notes(ex, trace, '.', each));
      co_return;
    });
    if (trace.size() != 100'000) throw std::logic_error("lost some");
  };
  const auto takes_turns = [](async_exchange ex, clock::duration each) -> task<> {
    std::string trace;
    co_await scoped(at_most(10), [&](bounded_scope& scope) -> task<> {
      for (int i = 0; i < 100'000; ++i) co_await scope.spawn(notes(ex, trace, '.', i % 2 ? 0s : each));
    });
    if (trace.size() != 100'000) throw std::logic_error("lost some");
  };
  recording_exchange now(completion::inside);
  now.run(spawns(async_exchange(now), 0s));
  recording_exchange x(completion::later);
  x.run(takes_turns(async_exchange(x), 1h));
}

TEST_CASE("a scope that is destroyed while tasks run says so and ends the program") {
  const auto words = last_words([] {
    recording_exchange x(completion::later);
    std::string trace;
    const auto body = [](async_exchange ex, std::string& out) -> task<> {
      co_await scoped([&](task_scope& scope) -> task<> {
        scope.spawn(notes(ex, out, 'a', 1h));
        co_await scope.join();
      });
    };
    driven_task forgotten(body(async_exchange(x), trace));
  });
  CHECK(words.find("a task_scope was destroyed while its tasks were running") != std::string::npos);
}
}
