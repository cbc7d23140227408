// misuse.cpp - does not compile, in words that help: one mistake for each macro. Without any it compiles.
#include <csgi/app.hpp>
#include <csgi/chain.hpp>
#include <csgi/concurrency.hpp>
#include <csgi/middleware/timeout.hpp>
#include <string>

using namespace csgi;
using namespace std::chrono_literals;

task<> errand();

struct foreign {
  struct promise_type {
    foreign get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

struct blocking final : blocking_app {
  void http(blocking_exchange ex) override {
#ifdef AWAIT_IN_A_BLOCKING_HANDLER
    co_await sleep_for(1s);
#endif
    ex.finish();
  }
};

#ifdef AWAIT_IN_A_BLOCKING_FUNCTION
void handler(blocking_exchange ex, int) {
  co_await sleep_for(1s);
  ex.finish();
}
#endif

foreign elsewhere() {
#ifdef AWAIT_A_TASK_ELSEWHERE
  co_await errand();
#elif defined AWAIT_AN_OPERATION_ELSEWHERE
  co_await sleep_for(1s);
#else
  co_return;
#endif
}

task<> awaits(async_exchange ex) {
  auto named = errand();
  std::string text;
#ifdef DROP_A_TASK
  errand();
#elif defined DROP_AN_OPERATION
  ex.finish();
#elif defined DROP_WHEN_ALL
  when_all(errand());
#elif defined DROP_WHEN_ANY
  when_any(errand());
#elif defined DROP_WITH_TIMEOUT
  with_timeout(1s, errand());
#elif defined DROP_SCOPED
  scoped([](task_scope&) -> task<> { co_return; });
#elif defined DROP_A_SPAWN_THAT_WAITS
  co_await scoped(at_most(1), [](bounded_scope& scope) -> task<> {
    scope.spawn(errand());
    co_return;
  });
#elif defined AWAIT_A_NAMED_TASK
  co_await named;
#elif defined AWAIT_A_NAMED_WHEN_ANY
  auto either = when_any(errand(), errand());
  co_await either;
#elif defined AWAIT_A_NAMED_WHEN_ALL
  auto both = when_all(errand(), errand());
  co_await both;
#elif defined AWAIT_A_NAMED_WHEN_ANY_OF_A_RANGE
  auto first = when_any(std::vector<task<>>());
  co_await first;
#elif defined AWAIT_A_NAMED_WHEN_ALL_OF_A_RANGE
  auto all = when_all(std::vector<task<>>());
  co_await all;
#elif defined AWAIT_WHAT_CANNOT_BE
  co_await text;
#elif defined KEEP_A_TASK
  co_await when_all(errand(), named);
#elif defined TIME_A_KEPT_TASK
  co_await with_timeout(1s, named);
#elif defined WAIT_FOR_ANYTHING
  co_await when_all(errand(), text.size());
#elif defined WAIT_FOR_ANY_OF_NOTHING
  co_await when_any();
#elif defined SCOPED_WITHOUT_A_COROUTINE
  co_await scoped([](task_scope&) {});
#elif defined SCOPED_WITHOUT_A_SCOPE
  co_await scoped([]() -> task<> { co_return; });
#elif defined SCOPED_WITH_CAPTURES_THAT_ARE_DESTROYED_TWICE
  co_await scoped([text](task_scope&) -> task<> { co_return; });
#endif
  co_await std::move(named);
  co_await ex.finish(text);
}

struct hurried_function {
  static constexpr auto kinds = stage_kinds::async;
  void operator()(blocking_exchange ex, next_app app) const { app(ex); }
};

struct named_kinds {
  static constexpr const char* kinds = "async";
  task<> operator()(async_exchange ex, next_app app) const { return app(ex); }
};

void chains(blocking& app) {
  const auto takes_no_app = [](async_exchange) -> task<> { co_return; };
  auto counts = [n = 0](blocking_exchange ex, next_app next) mutable { ++n, next(ex); };
#ifdef CHAIN_A_STAGE_WITHOUT_NEXT_APP
  chain wrong{takes_no_app, app};
#elif defined CHAIN_A_STAGE_THAT_CHANGES
  chain wrong{counts, app};
#elif defined CHAIN_WITH_THE_APP_FIRST
  chain wrong{app, timeout(1s)};
#elif defined CHAIN_WITH_TWO_APPS
  chain wrong{app, app};
#elif defined CHAIN_WITHOUT_A_STAGE
  chain wrong{app};
#elif defined CHAIN_AN_ASYNC_STAGE_THAT_IS_NO_COROUTINE
  chain wrong{hurried_function(), app};
#elif defined CHAIN_A_STAGE_WHOSE_KINDS_ARE_WORDS
  chain wrong{named_kinds(), app};
#elif defined NAME_WHAT_IS_NO_STAGE
  chain wrong{named("wrong", takes_no_app), app};
#endif
  chain right{timeout(1s), app};
}
