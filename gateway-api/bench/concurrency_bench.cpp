// concurrency_bench.cpp - what tasks and the functions that run several of them cost, in nanoseconds for each.
#include "bare_coroutine.hpp"
#include "memory_exchange.hpp"
#include <benchmark/benchmark.h>
#include <csgi/async_exchange.hpp>
#include <csgi/concurrency.hpp>

using namespace csgi;

namespace {

// --- the floor ---------------------------------------------------------------------------------------------------------

// Reads as a front does, but for errors and stops.
struct bare_read {
  explicit bare_read(exchange& e) noexcept : x(e) {}
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> coroutine) noexcept {
    op.owner = coroutine.address();
    op.done = [](operation& o) noexcept { std::coroutine_handle<>::from_address(o.owner).resume(); };
    return x.begin_read(op) == begun::pending;
  }
  std::string_view await_resume() const {
    if (op.error) throw std::system_error(op.error);
    return op.chunk;
  }

  exchange& x;
  read_op op;
};

[[gnu::noinline]] bare bare_leaf(int n) { co_return n; }
[[gnu::noinline]] bare bare_leaf_that_waits(exchange& x, int n) {
  co_await bare_read(x);
  co_return n;
}

bare bare_awaits_leaf(benchmark::State& state) {
  int sum = 0;
  for (auto _ : state) {
    const auto value = co_await bare_leaf(1);
    benchmark::DoNotOptimize(sum += value);
  }
  co_return sum;
}

bare bare_awaits_leaf_that_waits(benchmark::State& state, exchange& x) {
  int sum = 0;
  for (auto _ : state) {
    const auto value = co_await bare_leaf_that_waits(x, 1);
    benchmark::DoNotOptimize(sum += value);
  }
  co_return sum;
}

bare bare_resumes(benchmark::State& state, exchange& x) {
  for (auto _ : state) co_await bare_read(x);
  co_return 0;
}

// --- ours ---------------------------------------------------------------------------------------------------------

[[gnu::noinline]] task<int> leaf(int n) { co_return n; }
[[gnu::noinline]] task<int> leaf_of(async_exchange, int n) { co_return n; }
[[gnu::noinline]] task<> empty_of(async_exchange) { co_return; }
[[gnu::noinline]] task<int> leaf_that_waits(async_exchange ex, int n) {
  co_await ex.read();
  co_return n;
}

task<> awaits_leaf(benchmark::State& state) {
  int sum = 0;
  for (auto _ : state) {
    const auto value = co_await leaf(1);
    benchmark::DoNotOptimize(sum += value);
  }
}

task<> awaits_leaf_of(async_exchange ex, benchmark::State& state) {
  int sum = 0;
  for (auto _ : state) {
    const auto value = co_await leaf_of(ex, 1);
    benchmark::DoNotOptimize(sum += value);
  }
}

task<> awaits_leaf_that_waits(async_exchange ex, benchmark::State& state) {
  int sum = 0;
  for (auto _ : state) {
    const auto value = co_await leaf_that_waits(ex, 1);
    benchmark::DoNotOptimize(sum += value);
  }
}

task<> resumes(async_exchange ex, benchmark::State& state) {
  for (auto _ : state) co_await ex.read();
}

task<> waits_for_five(async_exchange ex, benchmark::State& state) {
  for (auto _ : state) {
    auto values = co_await when_all(leaf_of(ex, 1), leaf_of(ex, 2), leaf_of(ex, 3), leaf_of(ex, 4), leaf_of(ex, 5));
    benchmark::DoNotOptimize(values);
  }
}

task<> waits_for_five_that_wait(async_exchange ex, benchmark::State& state) {
  for (auto _ : state) {
    auto values = co_await when_all(leaf_that_waits(ex, 1), leaf_that_waits(ex, 2), leaf_that_waits(ex, 3),
                                    leaf_that_waits(ex, 4), leaf_that_waits(ex, 5));
    benchmark::DoNotOptimize(values);
  }
}

task<> waits_for_a_range_of_five(async_exchange ex, benchmark::State& state) {
  for (auto _ : state) {
    std::vector<task<int>> parts;
    parts.reserve(5);
    for (int i = 0; i < 5; ++i) parts.push_back(leaf_of(ex, i));
    auto values = co_await when_all(std::move(parts));
    benchmark::DoNotOptimize(values);
  }
}

task<> waits_for_any(async_exchange ex, benchmark::State& state) {
  for (auto _ : state) {
    auto first = co_await when_any(leaf_of(ex, 1), leaf_of(ex, 2));
    benchmark::DoNotOptimize(first);
  }
}

task<> times(async_exchange ex, benchmark::State& state) {
  for (auto _ : state) {
    auto chunk = co_await with_timeout(std::chrono::seconds(1), ex.read());
    benchmark::DoNotOptimize(chunk);
  }
}

task<> reads_the_clock(async_exchange, benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(clock::now());
  co_return;
}

task<> spawns_and_joins(async_exchange ex, benchmark::State& state) {
  co_await scoped([&](task_scope& scope) -> task<> {
    for (auto _ : state) {
      scope.spawn(empty_of(ex));
      co_await scope.join();
    }
  });
}

task<> spawns_and_joins_one_that_waits(async_exchange ex, benchmark::State& state) {
  co_await scoped([&](task_scope& scope) -> task<> {
    for (auto _ : state) {
      scope.spawn([](async_exchange own) -> task<> { co_await own.read(); }(ex));
      co_await scope.join();
    }
  });
}

task<> opens_scopes(async_exchange ex, benchmark::State& state) {
  for (auto _ : state) {
    co_await scoped([&](task_scope& scope) -> task<> {
      scope.spawn(empty_of(ex));
      co_return;
    });
  }
}

// --- how they are run ---------------------------------------------------------------------------------------------

void run_bare(benchmark::State& state, memory_exchange& x, bare coroutine) {
  coroutine.coroutine.resume();
  x.executor().run();
  if (!coroutine.coroutine.promise().finished) state.SkipWithError("not finished");
}

void run_task(benchmark::State& state, memory_exchange& x, task<> coroutine) {
  operation end;
  end.done = [](operation&) noexcept {};
  coroutine.adopt(x);
  if (coroutine.start(end) == begun::pending) x.executor().run();
  if (coroutine.failed()) state.SkipWithError("failed");
}

template <task<> (*Coroutine)(async_exchange, benchmark::State&)>
void inside(benchmark::State& state) {
  memory_exchange x;
  run_task(state, x, Coroutine(async_exchange(x), state));
}

template <task<> (*Coroutine)(async_exchange, benchmark::State&)>
void later(benchmark::State& state) {
  memory_exchange x;
  x.pending = true;
  run_task(state, x, Coroutine(async_exchange(x), state));
}

}  // namespace

int main(int argc, char** argv) {
  const auto add = [](const char* name, void (*run)(benchmark::State&)) { benchmark::RegisterBenchmark(name, run); };
  add("leaf/bare", [](benchmark::State& state) {
    memory_exchange x;
    run_bare(state, x, bare_awaits_leaf(state));
  });
  add("leaf/task", [](benchmark::State& state) {
    memory_exchange x;
    run_task(state, x, awaits_leaf(state));
  });
  add("leaf/task in the exchange's memory", inside<awaits_leaf_of>);
  add("leaf that waits/bare", [](benchmark::State& state) {
    memory_exchange x;
    x.pending = true;
    run_bare(state, x, bare_awaits_leaf_that_waits(state, x));
  });
  add("leaf that waits/task in the exchange's memory", later<awaits_leaf_that_waits>);
  add("resume/bare", [](benchmark::State& state) {
    memory_exchange x;
    x.pending = true;
    run_bare(state, x, bare_resumes(state, x));
  });
  add("resume/task", later<resumes>);
  add("operation that ends at once/bare", [](benchmark::State& state) {
    memory_exchange x;
    run_bare(state, x, bare_resumes(state, x));
  });
  add("operation that ends at once/task", inside<resumes>);
  add("when_all/five", inside<waits_for_five>);
  add("when_all/five that wait", later<waits_for_five_that_wait>);
  add("when_all/a range of five", inside<waits_for_a_range_of_five>);
  add("when_any/of two", inside<waits_for_any>);
  add("with_timeout/an operation that ends at once", inside<times>);
  add("with_timeout/one that waits", later<times>);
  add("clock::now()", inside<reads_the_clock>);
  add("scope/spawn and join", inside<spawns_and_joins>);
  add("scope/spawn and join one that waits", later<spawns_and_joins_one_that_waits>);
  add("scope/scoped with one task", inside<opens_scopes>);

  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
