// asio_bench.cpp - what it costs to await an operation of Asio, in nanoseconds for each: as a task does on the thread of
// the io_context and on another one, beside Asio's own coroutines and a bare handler.
#include "io_context_executor.hpp"
#include <benchmark/benchmark.h>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csgi/asio.hpp>
#include <csgi/run.hpp>

using namespace csgi;
namespace asio = boost::asio;

namespace {

/// Ends in the next turn of the io_context.
struct post {
  template <class Token>
  auto operator()(asio::steady_timer& timer, Token&& token) const {
    return asio::post(timer.get_executor(), std::forward<Token>(token));
  }
};

/// Ends at a time that is past.
struct wait {
  template <class Token>
  auto operator()(asio::steady_timer& timer, Token&& token) const {
    timer.expires_at(asio::steady_timer::time_point::min());
    return timer.async_wait(std::forward<Token>(token));
  }
};

template <class Operation>
class handler {
 public:
  handler(benchmark::State& state, asio::steady_timer& timer) : state_(&state), timer_(&timer) {}
  void operator()(boost::system::error_code = {}) {
    if (state_->KeepRunning()) Operation()(*timer_, *this);
  }

 private:
  benchmark::State* state_;
  asio::steady_timer* timer_;
};

template <class Operation>
void bare_handler(benchmark::State& state) {
  asio::io_context context{1};
  asio::steady_timer timer(context);
  asio::post(context, handler<Operation>(state, timer));
  context.run();
}

template <class Operation>
asio::awaitable<void> awaits(benchmark::State& state, asio::steady_timer& timer) {
  for (auto _ : state) co_await Operation()(timer, asio::use_awaitable);
}

template <class Operation>
void asio_coroutine(benchmark::State& state) {
  asio::io_context context{1};
  asio::steady_timer timer(context);
  asio::co_spawn(context, awaits<Operation>(state, timer), asio::detached);
  context.run();
}

template <class Operation>
task<> awaits_in_task(benchmark::State& state, asio::io_context& on) {
  asio::steady_timer timer(on);
  for (auto _ : state) co_await Operation()(timer, use_task);
}

template <class Operation>
void task_here(benchmark::State& state) {
  io_context_executor here;
  placed_task d(here, awaits_in_task<Operation>(state, here.context()));
  here.run();
}

template <class Operation>
void task_elsewhere(benchmark::State& state) {
  run(awaits_in_task<Operation>(state, io_context()));
}

}  // namespace

int main(int argc, char** argv) {
  const auto add = [](const char* name, void (*measured)(benchmark::State&)) {
    benchmark::RegisterBenchmark(name, measured)->UseRealTime();
  };
  add("post/bare handler", bare_handler<post>);
  add("post/use_awaitable", asio_coroutine<post>);
  add("post/use_task on the same thread", task_here<post>);
  add("post/use_task on another thread", task_elsewhere<post>);
  add("timer/bare handler", bare_handler<wait>);
  add("timer/use_awaitable", asio_coroutine<wait>);
  add("timer/use_task on the same thread", task_here<wait>);
  add("timer/use_task on another thread", task_elsewhere<wait>);

  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
