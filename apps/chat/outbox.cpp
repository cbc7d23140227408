#include "outbox.hpp"
#include <new>

namespace chatting {
namespace {

constexpr std::size_t few = 16;     // lines

}  // namespace

bool outbox::put(line text) noexcept {
  try {
    const std::lock_guard lock(mutex_);
    if (closed_) return true;
    if (lines_.size() >= most_.lines || bytes_ >= most_.bytes) return false;
    const auto size = text->size();
    lines_.push_back(std::move(text));
    bytes_ += size;
  } catch (const std::bad_alloc&) {
    return false;
  }
  changes_.notify();
  return true;
}

void outbox::close(parting how) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
    end_ = how;
  }
  changes_.notify();
}

void outbox::cut(parting how) noexcept {
  {
    const std::lock_guard lock(mutex_);
    lines_.clear();
    bytes_ = 0;
  }
  close(how);
}

parting outbox::end() const noexcept {
  const std::lock_guard lock(mutex_);
  return end_;
}

/// Whether there is nothing to wait for.
bool outbox::take(line& out) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (lines_.empty()) return closed_;
    out = std::move(lines_.front());
    lines_.pop_front();
    bytes_ -= out->size();
    if (lines_.size() != few) return true;
  }
  changes_.notify();
  return true;
}

bool outbox::is_nearly_empty() const noexcept {
  const std::lock_guard lock(mutex_);
  return closed_ || lines_.size() <= few;
}

csgi::task<line> outbox::next_of(csgi::async_exchange, outbox& self) {
  line next;
  for (;;) {
    const auto seen = self.changes_.count();
    if (self.take(next)) co_return next;
    co_await self.changes_.after(seen);
  }
}

csgi::task<> outbox::emptying(csgi::async_exchange, outbox& self) {
  for (;;) {
    const auto seen = self.changes_.count();
    if (self.is_nearly_empty()) co_return;
    co_await self.changes_.after(seen);
  }
}

}  // namespace chatting
