// stoppable.hpp - a startup, which is stopped when the server is asked to stop.
#pragma once
#include <atomic>
#include <csgi/sleep.hpp>

namespace csgi { inline namespace v1 {

class stoppable {
 public:
  stoppable(task<> coroutine, const std::atomic<int>& stops) noexcept : coroutine_(std::move(coroutine)), stops_(stops) {}

  /// Runs it to its end on `home`, which is the awaiting coroutine's executor or another name of it.
  static task<> run(stoppable& self, executor& home) {
    self.coroutine_.settle(home);
    self.end_.owner = &self;
    self.end_.done = [](operation& op) noexcept { static_cast<stoppable*>(op.owner)->over_ = true; };
    if (self.coroutine_.start(self.end_) == begun::pending) {
      while (!self.over_) {
        co_await sleep_for(look_again);
        if (!self.over_ && self.stops_.load(std::memory_order_relaxed) > 0) self.coroutine_.stop();
      }
    }
    self.coroutine_.result();
  }

 private:
  /// A stop may come from a signal handler, which can set a number but wake no coroutine: so the number is looked at.
  static constexpr std::chrono::milliseconds look_again{10};

  task<> coroutine_;
  const std::atomic<int>& stops_;
  operation end_;
  bool over_ = false;
};

}}  // namespace csgi::v1
