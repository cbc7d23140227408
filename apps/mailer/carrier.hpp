// carrier.hpp - who brings letters to where they go: the place for what speaks SMTP.
#pragma once
#include "letter.hpp"
#include <chrono>
#include <csgi/sleep.hpp>

class carrier {
 public:
  virtual ~carrier() = default;

  /// Completes when it is delivered. What blocks goes to csgi::to_thread().
  ///
  /// Lifetime:  `what` until it has ended.
  /// Threads:   the background's; several letters at the same time.
  /// Errors:    anything: the letter stays in the spool, and is tried again. csgi::cancelled, when the server stops: let it pass.
  virtual csgi::task<> deliver(const letter& what) = 0;
};

/// A stand-in that takes its time, and delivers nowhere.
class slow_carrier final : public carrier {
 public:
  explicit slow_carrier(std::chrono::milliseconds takes) noexcept : takes_(takes) {}
  csgi::task<> deliver(const letter&) override { return wait(takes_); }

 private:
  static csgi::task<> wait(std::chrono::milliseconds time) { co_await csgi::sleep_for(time); }

  const std::chrono::milliseconds takes_;
};
