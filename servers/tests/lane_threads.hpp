// lane_threads.hpp - for tests: coroutines that tell which thread their blocking code runs on.
#pragma once
#include "served_function.hpp"
#include <csgi/run.hpp>
#include <csgi/to_thread.hpp>

namespace csgi::tests {

inline task<std::thread::id> lane_thread(async_exchange) {
  auto call = to_thread([] { return std::this_thread::get_id(); });
  co_return co_await call;
}

inline task<std::thread::id> lane_thread_from_below(async_exchange ex) {
  auto call = to_thread([ex] { return run(ex, [ex] { return lane_thread(ex); }); });
  co_return co_await call;
}

}  // namespace csgi::tests
