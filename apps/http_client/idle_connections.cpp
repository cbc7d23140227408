#include "idle_connections.hpp"

namespace upstream {

std::optional<connection> idle_connections::take() noexcept {
  for (;;) {
    std::optional<connection> last;
    {
      const std::lock_guard lock(mutex_);
      if (kept_.empty()) return std::nullopt;
      last.emplace(std::move(kept_.back()));
      kept_.pop_back();
    }
    if (last->is_quiet()) return last;
  }
}

void idle_connections::put(connection used) {
  const std::lock_guard lock(mutex_);
  if (kept_.size() < most_) kept_.push_back(std::move(used));
}

void idle_connections::clear() noexcept {
  std::vector<connection> closed;         // after the lock is gone
  const std::lock_guard lock(mutex_);
  kept_.swap(closed);
}

}  // namespace upstream
