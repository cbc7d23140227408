// watchdog.cpp - see watchdog.hpp.
#include "watchdog.hpp"

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
    : of_(of), bark_(std::move(how)), until_(std::chrono::steady_clock::now() + of.patience_) {
  const std::lock_guard lock(of_.mutex_);
  place_ = of_.leashes_.insert(of_.leashes_.end(), this);
}

watchdog::leash::~leash() {
  const std::lock_guard lock(of_.mutex_);
  of_.leashes_.erase(place_);
}

/// Looks now and then: to be woken for each request would cost more than the request.
void watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::milliseconds(50), [this] { return over_; }))
    for (const leash* each : leashes_)
      if (std::chrono::steady_clock::now() > each->until_) each->bark_(patience_);
}

}  // namespace csgi::conformance
