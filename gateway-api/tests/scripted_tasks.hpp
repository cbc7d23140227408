// scripted_tasks.hpp - for tests: tasks that end as their script says, and remember what happened to them.
#pragma once
#include "driven_task.hpp"
#include "recording_exchange.hpp"
#include <array>
#include <csgi/async_exchange.hpp>
#include <doctest/doctest.h>

namespace csgi {

/// How a scripted task ends. Those that wait do so for an hour more than the one before it, the late ones for long.
enum class script : unsigned char { now, later, late, fails_now, fails_later, stubborn, stops_now };
inline constexpr std::size_t scripts = 7;

/// What a scripted task throws.
struct mishap {
  std::size_t of;
};

struct scripted_tasks {
  explicit scripted_tasks(recording_exchange& on) : x(on) {}

  /// Task number `i`, which gives its number: `stubborn` waits, takes no notice of being cancelled, and gives it all the same;
  /// `stops_now` stops the coroutine above all.
  task<std::size_t> make(script how, std::size_t i) { return play(async_exchange(x), *this, how, i); }
  task<> make_void(script how, std::size_t i) { return play_void(async_exchange(x), *this, how, i); }

  recording_exchange& x;
  task_promise_base* top = nullptr;     ///< what stops_now stops
  std::array<int, 8> started{};
  std::array<int, 8> ended{};
  std::array<int, 8> cancellations{};

 private:
  struct presence {
    presence(scripted_tasks& t, std::size_t n) : all(t), i(n) { ++all.started[i]; }
    presence(const presence&) = delete;
    presence& operator=(const presence&) = delete;
    ~presence() { ++all.ended[i]; }
    scripted_tasks& all;
    std::size_t i;
  };

  static task<std::size_t> play(async_exchange ex, scripted_tasks& all, script how, std::size_t i) {
    const presence here(all, i);
    if (how == script::stops_now) all.top->stop();
    if (how == script::fails_now) throw mishap{i};
    if (how == script::now || how == script::stops_now) co_return i;
    const bool long_one = how == script::late || how == script::stubborn;
    try {
      co_await ex.sleep_for(std::chrono::hours(i + (long_one ? 1001 : 1)));
    } catch (const cancelled&) {
      ++all.cancellations[i];
      if (how != script::stubborn) throw;
    }
    if (how == script::fails_later) throw mishap{i};
    co_return i;
  }

  static task<> play_void(async_exchange ex, scripted_tasks& all, script how, std::size_t i) {
    const auto own = co_await play(ex, all, how, i);
    if (own != i) throw std::logic_error("another's value");
  }
};

/// Gives the promise of the coroutine that awaits it.
class own_promise {
 public:
  own_promise() noexcept {}
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    promise_ = &coroutine.promise();
    return false;
  }
  task_promise_base* await_resume() const noexcept { return promise_; }

 private:
  task_promise_base* promise_ = nullptr;
};

/// Calls `check` with every sequence of up to four scripts.
template <class Check>
void for_every_script(Check check) {
  for (std::size_t k = 0; k <= 4; ++k) {
    std::size_t sequences = 1;
    for (std::size_t i = 0; i < k; ++i) sequences *= scripts;
    for (std::size_t n = 0; n < sequences; ++n) {
      std::vector<script> play(k);
      for (std::size_t i = 0, rest = n; i < k; ++i, rest /= scripts) play[i] = static_cast<script>(rest % scripts);
      check(play);
    }
  }
}

/// Awaits scripted tasks by `body`, and demands what was predicted: how it ends, which tasks were begun; that all of them have
/// ended, were cancelled once at most, and have given their memory back.
template <class Body, class Prediction>
void must_play_out(Body body, const std::vector<script>& play, const Prediction& expected) {
  recording_exchange x(completion::later);
  scripted_tasks all(x);
  std::size_t how = 999;
  {
    driven_task d(body(async_exchange(x), all, play, how));
    x.executor().run();
    REQUIRE(d.over);
  }
  REQUIRE(how == expected.how);
  for (std::size_t i = 0; i < 8; ++i) {
    REQUIRE(all.started[i] == (i < expected.begun));
    REQUIRE(all.ended[i] == all.started[i]);
    REQUIRE(all.cancellations[i] <= 1);
  }
  REQUIRE(x.frames().held == 0);
}

}  // namespace csgi
