// accept_report.cpp - see csgi/posix/accept_report.hpp.
#include <csgi/posix/accept_report.hpp>

namespace csgi::posix {

void accept_report::failed(server_observer& observer, clock::time_point now) noexcept {
  const std::lock_guard lock(mutex_);
  last_failure_ = now;
  accepted_.store(false, std::memory_order_relaxed);
  const bool lasts = failing_.exchange(true, std::memory_order_relaxed);
  if (lasts && now < next_line_) return;
  next_line_ = now + interval;
  observer.log(log_level::warning, lasts ? "connections still cannot be accepted"
                                         : "connections cannot be accepted for now: out of descriptors or memory, or the system refuses");
}

void accept_report::look(server_observer& observer, clock::time_point now) noexcept {
  if (!accepted_.load(std::memory_order_relaxed)) return;
  const std::lock_guard lock(mutex_);
  if (now < last_failure_ + quiet || !failing_.exchange(false, std::memory_order_relaxed)) return;
  accepted_.store(false, std::memory_order_relaxed);
  observer.log(log_level::info, "connections are accepted again");
}

}  // namespace csgi::posix
