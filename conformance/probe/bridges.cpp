// bridges.cpp - behaviours of the probe: blocking code in a coroutine, and coroutines in that.
#include "probe.hpp"
#include <csgi/run.hpp>
#include <csgi/to_thread.hpp>
#include <csgi/when_all.hpp>
#include <latch>
#include <mutex>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

task<std::thread::id> lane_thread(async_exchange) {
  auto call = to_thread([] { return std::this_thread::get_id(); });
  co_return co_await call;
}

task<> one_lane(visit v) {
  const auto here = std::this_thread::get_id();
  const auto first = co_await lane_thread(v.ex);
  co_await v.ex.sleep_for(5ms);
  const auto second = co_await lane_thread(v.ex);
  const std::string text = std::string(first == second ? "one thread" : "several threads") + (first == here ? ", here" : ", elsewhere") +
                           (v.ex.raw().executor().here() ? ", and back" : ", and lost");
  co_await v.ex.respond(200, "text/plain", text);
}

/// Three calls begun at once, the first of which takes longest.
task<> lane_in_order(visit v) {
  std::string order;
  std::mutex mutex;
  const auto call = [&](const char* name, std::chrono::milliseconds takes) {
    return to_thread([&, name, takes] {
      std::this_thread::sleep_for(takes);
      const std::lock_guard lock(mutex);
      order += name;
    });
  };
  auto all = when_all(call("1", 20ms), call(" 2", 10ms), call(" 3", 0ms));
  co_await std::move(all);
  co_await v.ex.respond(200, "text/plain", order);
}

/// Holds the lane until the case notes "go".
task<> hold_lane(visit v) {
  auto call = to_thread([&v] {
    v.note("held");
    for (int i = 0; i < 2000 && v.book.lines(v.key).find("go\n") == std::string::npos; ++i) std::this_thread::sleep_for(5ms);
  });
  co_await call;
  co_await v.ex.respond(200, "text/plain", "let go");
}

/// Calls that wait for each other: each can end only while the others run.
task<> pooled_calls(visit v) {
  std::latch all(3);
  const auto meet = [&all] {
    all.count_down();
    for (int i = 0; i < 2000 && !all.try_wait(); ++i) std::this_thread::sleep_for(1ms);
    return all.try_wait();
  };
  auto together = when_all(to_pool(meet), to_pool(meet), to_thread(meet));
  const auto [one, two, three] = co_await std::move(together);
  co_await v.ex.respond(200, "text/plain", one && two && three ? "met" : "missed");
}

task<std::thread::id> lane_thread_below(async_exchange ex) {
  auto call = to_thread([ex] { return run(ex, [ex] { return lane_thread(ex); }); });
  co_return co_await call;
}

/// Blocking code that waits for a coroutine, whose blocking code waits for a coroutine, whose blocking code runs.
task<> helped(visit v) {
  auto call = to_thread([ex = v.ex] {
    const auto here = std::this_thread::get_id();
    const auto below = run(ex, [ex] { return lane_thread_below(ex); });
    return std::string(below == here ? "helped" : "strangers");
  });
  const std::string text = co_await call;
  co_await v.ex.respond(200, "text/plain", text);
}

task<> pool_from_lane(visit v) {
  auto call = to_thread([ex = v.ex] {
    const auto pooled = [](async_exchange) -> task<> {
      auto nothing = to_pool([] {});
      co_await nothing;
    };
    run(ex, [&] { return pooled(ex); });
  });
  co_await call;
  co_await v.ex.respond(200, "text/plain", "done");
}

task<> overloaded_app(visit) {
  raise(std::make_error_code(std::errc::resource_unavailable_try_again), "to_thread");
  co_return;
}

struct entry {
  std::string_view path;
  behaviour act;
};

constexpr entry table[] = {
    {"/one-lane", one_lane}, {"/lane-in-order", lane_in_order}, {"/hold-lane", hold_lane}, {"/pooled-calls", pooled_calls}, {"/helped", helped},
    {"/pool-from-lane", pool_from_lane}, {"/overloaded", overloaded_app},
};

}  // namespace

behaviour find_bridge_behaviour(std::string_view path) noexcept {
  for (const auto& e : table)
    if (e.path == path) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
