// traffic.cpp - see csgi/status/traffic.hpp.
#include <algorithm>
#include <csgi/status/traffic.hpp>

namespace csgi::status {

traffic::traffic(server_observer& behind, counts& to) : behind_(behind), tells_accesses_(behind.wants_access()), counts_(to) {}

void traffic::ready(const endpoint& where) noexcept {
  ready_.store(true, std::memory_order_relaxed);
  behind_.ready(where);
}

void traffic::access(const access_record& record) noexcept {
  if (tells_accesses_) behind_.access(record);
  const auto add = [](counter& to, std::uint64_t what) { to.fetch_add(what, std::memory_order_relaxed); };
  const auto& methods = counts::methods;
  const auto method = std::ranges::find(methods.begin(), methods.end() - 1, record.method) - methods.begin();
  const int status = std::clamp(record.how.status, counts::first_status, counts::last_status);
  add(counts_.requests[static_cast<std::size_t>(method)][static_cast<std::size_t>(status - counts::first_status)], 1);
  if (record.how.aborted) add(counts_.aborted, 1);
  add(counts_.body_bytes, record.how.body_bytes);
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(record.elapsed).count();
  const auto bound = std::ranges::lower_bound(counts::bounds, static_cast<std::uint64_t>(std::max<std::int64_t>(milliseconds, 0)));
  add(counts_.times[static_cast<std::size_t>(bound - counts::bounds.begin())], 1);
  add(counts_.nanoseconds, static_cast<std::uint64_t>(std::max<clock::rep>(record.elapsed.count(), 0)));
}

}  // namespace csgi::status
