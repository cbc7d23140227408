// tally.hpp - what clients count while they visit one server.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace csgi::soak {

/// What a client did not expect. `how`: which visit it was, and what went over the wire, visible.
struct surprise {
  std::string why;
  std::string how = {};
};

/// Threads:   any.
class tally {
 public:
  void asked(std::uint64_t requests = 1) noexcept { requests_ += requests; }
  /// Something was done to the server that no well-behaved client does.
  void injected() noexcept { faults_ += 1; }
  /// The server refused, or broke off, as it has to.
  void refused_as_expected() noexcept { refusals_ += 1; }

  void took(std::chrono::microseconds time) {
    const std::lock_guard lock(mutex_);
    times_.push_back(time);
  }

  void surprised(surprise by) {
    const std::lock_guard lock(mutex_);
    surprises_.push_back(std::move(by));
  }

  std::uint64_t requests() const noexcept { return requests_; }
  std::uint64_t faults() const noexcept { return faults_; }
  std::uint64_t refusals() const noexcept { return refusals_; }

  std::vector<surprise> surprises() const {
    const std::lock_guard lock(mutex_);
    return surprises_;
  }

  std::size_t number_of_surprises() const {
    const std::lock_guard lock(mutex_);
    return surprises_.size();
  }

  /// How long a well-behaved client waited for its answers, in no order.
  std::vector<std::chrono::microseconds> times() const {
    const std::lock_guard lock(mutex_);
    return times_;
  }

 private:
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> faults_{0};
  std::atomic<std::uint64_t> refusals_{0};
  mutable std::mutex mutex_;
  std::vector<surprise> surprises_;
  std::vector<std::chrono::microseconds> times_;
};

}  // namespace csgi::soak
