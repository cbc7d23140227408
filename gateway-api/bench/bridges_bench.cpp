// bridges_bench.cpp - what the way to another thread and back costs, beside a bare one by futex.
#include <atomic>
#include <benchmark/benchmark.h>
#include <csgi/request_lane.hpp>
#include <csgi/run.hpp>
#include <csgi/sleep.hpp>
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
    return wanted == lane::id ? static_cast<lane*>(lane_.get()) : nullptr;
  }

 private:
  run_loop& loop_;
  std::shared_ptr<request_lane> lane_ = std::make_shared<request_lane>(*this, thread_pool::of_process());
};

task<> run_there(task<> coroutine, home& where) {
  coroutine.settle(where);
  struct waiter final : operation {
    bool over = false;
  } end;
  end.done = [](operation& op) noexcept { static_cast<waiter&>(op).over = true; };
  if (coroutine.start(end) == begun::pending)
    while (!end.over) co_await sleep_for(std::chrono::milliseconds(1));
  coroutine.result();
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
  loop.run(run_there(calls(state), where));
}

void to_thread_64_in_flight(benchmark::State& state) {
  run_loop loop;
  home where(loop);
  loop.run(run_there(calls_in_flight(state), where));
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
BENCHMARK(run_trivial);
BENCHMARK(run_trivial_on_one_loop);

}  // namespace

BENCHMARK_MAIN();
