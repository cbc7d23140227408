// counts.cpp - see csgi/status/counts.hpp.
#include <csgi/status/counts.hpp>

namespace csgi::status {

namespace {

void add_to(counter& to, const counter& what) noexcept {
  to.fetch_add(what.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

template <std::size_t Count>
void add_to(std::array<counter, Count>& to, const std::array<counter, Count>& what) noexcept {
  for (std::size_t i = 0; i < Count; ++i) add_to(to[i], what[i]);
}

}  // namespace

void counts::add(const counts& other) noexcept {
  for (std::size_t method = 0; method < methods.size(); ++method) add_to(requests[method], other.requests[method]);
  add_to(times, other.times);
  add_to(aborted, other.aborted);
  add_to(body_bytes, other.body_bytes);
  add_to(nanoseconds, other.nanoseconds);
}

}  // namespace csgi::status
