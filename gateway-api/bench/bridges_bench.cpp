// bridges_bench.cpp - what the way to another thread and back costs, beside a bare one by futex.
#include "memory_exchange.hpp"
#include <atomic>
#include <benchmark/benchmark.h>
#include <csgi/as_async.hpp>
#include <csgi/as_blocking.hpp>
#include <csgi/forwarding_exchange.hpp>
#include <csgi/request_lane.hpp>
#include <csgi/run.hpp>
#include <csgi/to_thread.hpp>
#include <csgi/when_all.hpp>
#include <thread>

using namespace csgi;

namespace {

/// The floor: two threads that hand a token to each other through a futex.
void futex_round_trip(benchmark::State& state) {
  std::atomic<int> token{0};
  std::jthread other([&] {
    for (;;) {
      token.wait(0);
      const int asked = token.load();
      token.store(0);
      token.notify_one();
      if (asked == 2) return;
    }
  });
  for (auto _ : state) {
    token.store(1);
    token.notify_one();
    token.wait(1);
  }
  token.store(2);
  token.notify_one();
}

/// A run_loop with a lane on a thread of its own, as an exchange's executor has one.
class home final : public csgi::executor {
 public:
  explicit home(run_loop& on) : loop_(on) {}
  ~home() { lane_->end(); }
  void post(work& w) noexcept override { loop_.post(w); }
  begun begin_wait(timer_op& t) noexcept override { return loop_.begin_wait(t); }
  bool here() const noexcept override { return loop_.here(); }
  void* find(const extension_id& wanted) noexcept override {
    if (wanted == helping_lane::id) return static_cast<helping_lane*>(lane_.get());
    return wanted == lane::id ? static_cast<lane*>(lane_.get()) : nullptr;
  }

 private:
  run_loop& loop_;
  std::shared_ptr<request_lane> lane_ = std::make_shared<request_lane>(*this, thread_pool::of_process());
};

/// Waits for a coroutine that is at home elsewhere.
task<> whole(task<>* coroutine) {
  auto end = await_operation<"whole">(operation{}, [coroutine](operation& op) noexcept { return coroutine->start(op); });
  co_await end;
  coroutine->result();
}

void run_there(run_loop& loop, home& where, task<> coroutine) {
  coroutine.settle(where);
  loop.run(whole(&coroutine));
}

task<> calls(benchmark::State& state) {
  for (auto _ : state) {
    auto call = to_thread([] { return 7; });
    benchmark::DoNotOptimize(co_await call);
  }
}

task<> one_call() {
  auto call = to_thread([] {});
  co_await call;
}

task<> calls_in_flight(benchmark::State& state) {
  for (auto _ : state) {
    std::vector<task<>> many;
    for (int i = 0; i < 64; ++i) many.push_back(one_call());
    co_await when_all(std::move(many));
  }
  state.SetItemsProcessed(state.iterations() * 64);
}

void to_thread_round_trip(benchmark::State& state) {
  run_loop loop;
  home where(loop);
  run_there(loop, where, calls(state));
}

void to_thread_64_in_flight(benchmark::State& state) {
  run_loop loop;
  home where(loop);
  run_there(loop, where, calls_in_flight(state));
}

// --- whole apps -------------------------------------------------------------------------------------------------------

class hello_blocking final : public blocking_app {
 public:
  void http(blocking_exchange ex) override { ex.respond(200, "text/plain", "Hello\n"); }
};

class hello_async final : public async_app {
 public:
  task<> http(async_exchange ex) override { co_await ex.respond(200, "text/plain", "Hello\n"); }
};

/// An exchange that costs next to nothing, on that executor.
class exchange_there final : public forwarding_exchange {
 public:
  exchange_there(exchange& like, home& where) noexcept : forwarding_exchange(like), where_(where) {}
  csgi::executor& executor() noexcept override { return where_; }
  void* find(const extension_id& wanted) noexcept override { return where_.find(wanted); }

 private:
  home& where_;
};

task<> requests(benchmark::State& state, async_exchange ex, async_app& app) {
  for (auto _ : state) co_await app.http(ex);
}

void answer_on_a_loop(benchmark::State& state, async_app& app) {
  run_loop loop;
  home where(loop);
  memory_exchange x;
  exchange_there there(x, where);
  run_there(loop, where, requests(state, async_exchange(there), app));
}

void app_async(benchmark::State& state) {
  hello_async app;
  answer_on_a_loop(state, app);
}

void app_blocking_as_async(benchmark::State& state) {
  hello_blocking app;
  as_async bridged(app);
  answer_on_a_loop(state, bridged);
}

void app_blocking(benchmark::State& state) {
  hello_blocking app;
  memory_exchange x;
  for (auto _ : state) app.http(blocking_exchange(x));
}

void app_async_as_blocking(benchmark::State& state) {
  hello_async app;
  as_blocking bridged(app);
  memory_exchange x;
  for (auto _ : state) bridged.http(blocking_exchange(x));
}

task<int> seven() { co_return 7; }

void run_trivial(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(run(seven()));
}

void run_trivial_on_one_loop(benchmark::State& state) {
  run_loop loop;
  for (auto _ : state) benchmark::DoNotOptimize(loop.run(seven()));
}

BENCHMARK(futex_round_trip)->UseRealTime();
BENCHMARK(to_thread_round_trip)->UseRealTime();
BENCHMARK(to_thread_64_in_flight)->UseRealTime();
BENCHMARK(app_async)->UseRealTime();
BENCHMARK(app_blocking_as_async)->UseRealTime();
BENCHMARK(app_blocking)->UseRealTime();
BENCHMARK(app_async_as_blocking)->UseRealTime();
BENCHMARK(run_trivial);
BENCHMARK(run_trivial_on_one_loop);

}  // namespace

BENCHMARK_MAIN();
