// csgi/status/counts.hpp - what is counted of requests.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace csgi::status {

using counter = std::atomic<std::uint64_t>;

/// Plain numbers, all zero at first, so that several processes may have them in memory that they share.
///
/// Threads:   any, of any process.
struct counts {
  /// Upper bounds of a response's time, in milliseconds; above the last, there is no bound.
  static constexpr std::array<std::uint64_t, 14> bounds{1, 2, 5, 10, 25, 50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000, 60'000};

  /// Methods that are counted apart; the last one stands for every other, as clients may send any.
  static constexpr std::array<std::string_view, 8> methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"};

  static constexpr int first_status = 0, last_status = 599;     // 0: the client went, or was cut off, before there was one

  std::array<std::array<counter, last_status - first_status + 1>, methods.size()> requests{};   ///< by method, and status - first_status
  std::array<counter, bounds.size() + 1> times{};   ///< longer than the bound before this one, but not this; the last has none
  counter aborted{0};
  counter body_bytes{0};
  counter nanoseconds{0};     ///< of all of them together

  /// Adds what another one has counted.
  void add(const counts& other) noexcept;
};

static_assert(counter::is_always_lock_free);

}  // namespace csgi::status
