// exchange_bench.cpp - what fronts and middleware add to an exchange whose operations cost next to nothing: beside these called
// as they are, and beside layers of bare coroutines.
#include "bare_coroutine.hpp"
#include "memory_exchange.hpp"
#include <benchmark/benchmark.h>
#include <csgi/chain.hpp>
#include <csgi/identity.hpp>

using namespace csgi;

namespace {

constexpr field content_type{"content-type", "text/plain"};

// --- one request: a head, a read, a write and the end ------------------------------------------------------------------

void by_operations(benchmark::State& state) {
  memory_exchange memory;
  exchange* x = &memory;
  for (auto _ : state) {
    benchmark::DoNotOptimize(x);      // a server's, whose class nobody knows here
    read_op reading;
    write_op writing, finishing;
    writing.data = finishing.data = "bytes";
    finishing.then = ending::finish;
    const std::error_code start = x->start({.status = 200, .fields = {&content_type, 1}});
    const bool ended = x->begin_read(reading) == begun::completed && x->begin_write(writing) == begun::completed &&
                       x->begin_write(finishing) == begun::completed;
    if (start || !ended || reading.error || writing.error || finishing.error) state.SkipWithError("not answered");
  }
}

void by_blocking_front(benchmark::State& state) {
  memory_exchange memory;
  exchange* x = &memory;
  for (auto _ : state) {
    benchmark::DoNotOptimize(x);
    const blocking_exchange ex(*x);
    ex.start(200, {content_type});
    benchmark::DoNotOptimize(ex.read());
    ex.write("bytes");
    ex.finish("bytes");
  }
}

/// Runs a coroutine that measures, and of which nothing may be left to be done.
void run_here(benchmark::State& state, exchange& x, task<> coroutine) {
  operation end;
  coroutine.adopt(x);
  if (coroutine.start(end) == begun::pending || coroutine.failed()) state.SkipWithError("not answered");
}

task<> answer_by_async_front(benchmark::State& state, exchange* x) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(x);
    const async_exchange ex(*x);
    ex.start(200, {content_type});
    co_await ex.read();
    co_await ex.write("bytes");
    co_await ex.finish("bytes");
  }
}

void by_async_front(benchmark::State& state) {
  memory_exchange memory;
  run_here(state, memory, answer_by_async_front(state, &memory));
}

// --- layers ----------------------------------------------------------------------------------------------------------------

class empty_app final : public async_app {
 public:
  task<> http(async_exchange) override { co_return; }
};

task<> call(benchmark::State& state, async_exchange ex, application app) {
  for (auto _ : state) co_await app.resolve(ex.head()).async().http(ex);
}

void call_app(benchmark::State& state) {
  empty_app app;
  memory_exchange memory;
  run_here(state, memory, call(state, async_exchange(memory), app));
}

void call_app_behind_three(benchmark::State& state) {
  empty_app app;
  chain behind{identity(), identity(), identity(), app};
  memory_exchange memory;
  run_here(state, memory, call(state, async_exchange(memory), behind));
}

class bare_app {
 public:
  virtual bare http(exchange&) = 0;

 protected:
  ~bare_app() = default;
};

class empty_bare_app final : public bare_app {
 public:
  bare http(exchange&) override { co_return 0; }
};

/// What a layer cannot do without: a virtual call, a coroutine, and an exchange that forwards.
class bare_layer final : public bare_app {
 public:
  explicit bare_layer(bare_app* inner) noexcept : inner_(inner) {}
  bare http(exchange& x) override {
    view same(x);
    co_return co_await inner_->http(same);
  }

 private:
  struct view final : forwarding_exchange {
    using forwarding_exchange::forwarding_exchange;
  };
  bare_app* inner_;
};

bare call_barely(benchmark::State& state, exchange& x, bare_app& app) {
  for (auto _ : state) co_await app.http(x);
  co_return 0;
}

void run_barely(benchmark::State& state, bare_app& app) {
  memory_exchange memory;
  const bare calls = call_barely(state, memory, app);
  calls.coroutine.resume();
}

void call_bare_app(benchmark::State& state) {
  empty_bare_app app;
  run_barely(state, app);
}

void call_bare_app_behind_three(benchmark::State& state) {
  empty_bare_app app;
  bare_layer third(&app), second(&third), first(&second);
  run_barely(state, first);
}

BENCHMARK(by_operations);
BENCHMARK(by_blocking_front);
BENCHMARK(by_async_front);
BENCHMARK(call_app);
BENCHMARK(call_app_behind_three);
BENCHMARK(call_bare_app);
BENCHMARK(call_bare_app_behind_three);

}  // namespace

BENCHMARK_MAIN();
