// restart_delay.hpp - how long to wait before a worker that has ended is started again.
#pragma once
#include <algorithm>
#include <chrono>

namespace csgi::cli {

/// Twice as long each time, from `first` up to `most`; from `first` again behind a worker that has served for as long as `most`.
class restart_delay {
 public:
  using milliseconds = std::chrono::milliseconds;

  restart_delay(milliseconds first, milliseconds most) noexcept : first_(std::min(first, most)), most_(most), next_(first_) {}

  /// After a worker that has served for that long; one that never did, for 0.
  milliseconds after(std::chrono::nanoseconds served) noexcept {
    if (served >= most_) next_ = first_;
    const auto now = next_;
    next_ = std::min(next_ * 2, most_);
    return now;
  }

 private:
  milliseconds first_, most_, next_;
};

}  // namespace csgi::cli
