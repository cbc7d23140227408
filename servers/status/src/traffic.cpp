// traffic.cpp - see csgi/status/traffic.hpp.
#include <algorithm>
#include <csgi/status/traffic.hpp>

namespace csgi::status {

struct traffic::table {
  static constexpr std::size_t statuses = last_status - first_status + 1;

  std::array<std::array<counter, statuses>, methods.size()> requests{};
  std::array<counter, bounds.size() + 1> times{};
};

traffic::traffic(server_observer& behind)
    : behind_(behind), tells_accesses_(behind.wants_access()), counts_(std::make_unique<table>()) {}

traffic::~traffic() = default;

void traffic::ready(const endpoint& where) noexcept {
  ready_.store(true, std::memory_order_relaxed);
  behind_.ready(where);
}

void traffic::access(const access_record& record) noexcept {
  if (tells_accesses_) behind_.access(record);
  const auto add = [](counter& to, std::uint64_t what) { to.fetch_add(what, std::memory_order_relaxed); };
  const auto method = std::ranges::find(methods.begin(), methods.end() - 1, record.method) - methods.begin();
  const int status = std::clamp(record.how.status, first_status, last_status);
  add(counts_->requests[static_cast<std::size_t>(method)][static_cast<std::size_t>(status - first_status)], 1);
  if (record.how.aborted) add(aborted_, 1);
  add(body_bytes_, record.how.body_bytes);
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(record.elapsed).count();
  const auto bound = std::ranges::lower_bound(bounds, static_cast<std::uint64_t>(std::max<std::int64_t>(milliseconds, 0)));
  add(counts_->times[static_cast<std::size_t>(bound - bounds.begin())], 1);
  nanoseconds_.fetch_add(record.elapsed.count(), std::memory_order_relaxed);
}

std::uint64_t traffic::requests(std::size_t method, int status) const noexcept {
  return counts_->requests[method][static_cast<std::size_t>(status - first_status)].load(std::memory_order_relaxed);
}

std::uint64_t traffic::took(std::size_t bound) const noexcept { return counts_->times[bound].load(std::memory_order_relaxed); }

}  // namespace csgi::status
