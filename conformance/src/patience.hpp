// patience.hpp - how long the suite waits for a server to act.
#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>

namespace csgi::conformance {

/// A server that is often late is waited for less and less: with a fault that shows everywhere, each of a thousand runs
/// would else take the full time.
///
/// Threads:   any.
class patience {
 public:
  explicit patience(std::chrono::milliseconds full) noexcept : full_(full) {}

  std::chrono::milliseconds now() const noexcept {
    using namespace std::chrono_literals;
    const unsigned times = late_.load(std::memory_order_relaxed);
    if (times < 60) return full_;
    return std::min(full_, times < 200 ? std::chrono::milliseconds(1s) : times < 400 ? 300ms : 50ms);
  }

  /// It did not act in time.
  void late() noexcept { late_.fetch_add(1, std::memory_order_relaxed); }

 private:
  const std::chrono::milliseconds full_;
  std::atomic<unsigned> late_{0};
};

}  // namespace csgi::conformance
