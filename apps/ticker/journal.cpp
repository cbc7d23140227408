#include "journal.hpp"
#include <algorithm>
#include <charconv>

namespace ticking {

void journal::add(std::string text) {
  {
    const std::lock_guard lock(mutex_);
    kept_.push_back({last_ + 1, std::move(text)});
    ++last_;
    if (kept_.size() > most_) kept_.pop_front();
  }
  changes_.notify();
}

reading journal::after(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  reading r;
  if (number >= last_) return r;
  const auto first = std::ranges::upper_bound(kept_, number, {}, &entry::number);
  r.entries.assign(first, kept_.end());
  r.missed = last_ - number - r.entries.size();
  return r;
}

reading journal::last(std::size_t count) const {
  const std::lock_guard lock(mutex_);
  reading r;
  r.entries.assign(kept_.end() - static_cast<std::ptrdiff_t>(std::min(count, kept_.size())), kept_.end());
  return r;
}

std::optional<std::uint64_t> journal::number_of(std::string_view id) const noexcept {
  if (!id.starts_with(name_) || id.substr(name_.size()).substr(0, 1) != "-") return std::nullopt;
  const auto digits = id.substr(name_.size() + 1);
  std::uint64_t number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stop, fault] = std::from_chars(digits.data(), end, number);
  const std::lock_guard lock(mutex_);
  if (fault != std::errc{} || stop != end || number > last_) return std::nullopt;
  return number;
}

csgi::task<reading> journal::wait_after(csgi::async_exchange, journal& self, std::uint64_t number) {
  for (;;) {
    const auto seen = self.changes_.count();
    auto news = self.after(number);
    if (!news.entries.empty()) co_return news;
    co_await self.changes_.after(seen);
  }
}

}  // namespace ticking
