// watchdog.cpp - see watchdog.hpp.
#include "watchdog.hpp"
#include <algorithm>

namespace csgi::conformance {

watchdog::watchdog(std::chrono::milliseconds patience) : patience_(patience), thread_([this] { run(); }) {}

watchdog::~watchdog() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

watchdog::leash::leash(watchdog& of, bark how)
    : of_(of), bark_(std::move(how)), left_(of.patience_) {
  const std::lock_guard lock(of_.mutex_);
  place_ = of_.leashes_.insert(of_.leashes_.end(), this);
}

watchdog::leash::~leash() {
  const std::lock_guard lock(of_.mutex_);
  of_.leashes_.erase(place_);
}

/// Looks now and then: to be woken for each request would cost more than the request. Time in which this process did not run,
/// because it was stopped or the machine was busy, is not held against the app.
void watchdog::run() {
  using clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds pause{50};
  std::unique_lock lock(mutex_);
  for (auto last = clock::now(); !wake_.wait_for(lock, pause, [this] { return over_; });) {
    const auto now = clock::now();
    pass(std::min(2 * pause, std::chrono::duration_cast<std::chrono::milliseconds>(now - last)));
    last = now;
  }
}

void watchdog::pass(std::chrono::milliseconds time) {
  for (leash* each : leashes_) {
    each->left_ -= time;
    if (each->left_ < std::chrono::milliseconds::zero()) each->bark_(patience_);
  }
}

}  // namespace csgi::conformance
