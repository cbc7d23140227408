// admission.cpp - see csgi/posix/admission.hpp.
#include <algorithm>
#include <arpa/inet.h>
#include <csgi/posix/admission.hpp>
#include <utility>

namespace csgi::posix {

namespace {

constexpr std::size_t most_turned_away = 256;     // at a time

}  // namespace

admission::place::place(place&& other) noexcept
    : of_(std::exchange(other.of_, nullptr)), how_(other.how_), from_(other.from_) {}

void admission::place::give_back() noexcept {
  if (of_) std::exchange(of_, nullptr)->leave(*this);
}

admission::place admission::enter(std::string_view address) {
  std::optional<network> from;
  if (limits_.connections_per_address > 0) from = parse(address);
  const bool has_room = limits_.connections == 0 || open_.load(std::memory_order_relaxed) < limits_.connections;
  if (has_room && (!from || enter(*from))) {
    open_.fetch_add(1, std::memory_order_relaxed);
    return {*this, decision::admitted, from};
  }
  excess_.fetch_add(1, std::memory_order_relaxed);
  const bool is_answered = turned_away_.fetch_add(1, std::memory_order_relaxed) < most_turned_away;
  return {*this, is_answered ? decision::turned_away : decision::dropped, {}};
}

std::optional<admission::network> admission::parse(std::string_view address) noexcept {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.size() >= sizeof text) return {};
  std::ranges::copy(address, text);
  network from{};
  if (::inet_pton(AF_INET, text, from.data()) == 1) return from;
  std::array<unsigned char, 16> v6;
  if (::inet_pton(AF_INET6, text, v6.data()) != 1) return {};
  constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};     // ::ffff:192.0.2.1, as [::] has IPv4
  if (std::equal(mapped.begin(), mapped.end(), v6.begin())) std::copy(v6.begin() + mapped.size(), v6.end(), from.begin());
  else std::copy_n(v6.begin(), from.size(), from.begin());
  return from;
}

bool admission::enter(const network& from) {
  const std::lock_guard lock(mutex_);
  std::size_t& open = by_network_[from];
  if (open >= limits_.connections_per_address) return false;
  ++open;
  return true;
}

void admission::leave(const place& left) noexcept {
  if (left.how_ != decision::admitted) {
    turned_away_.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  open_.fetch_sub(1, std::memory_order_relaxed);
  if (!left.from_) return;
  const std::lock_guard lock(mutex_);
  const auto counted = by_network_.find(*left.from_);
  if (--counted->second == 0) by_network_.erase(counted);
}

}  // namespace csgi::posix
