// csgi/posix/admission.hpp - which connections a server takes: so many in all, so many from one address.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <csgi/server_options.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

namespace csgi::posix {

/// Counts open connections. What comes beyond a limit is let in for as long as it takes to answer 503; where these are many,
/// too, it is dropped without a word.
///
/// Threads:   any.
class admission {
  /// What a single client can be expected to have one of: an IPv4 address, a network of IPv6 with 64 bits.
  using network = std::array<unsigned char, 8>;

 public:
  enum class decision : unsigned char { admitted, turned_away, dropped };

  /// The place of one connection, given back at its end at the latest. Lifetime: ends before the admission.
  class place {
   public:
    place(place&& other) noexcept;
    place& operator=(place&&) = delete;
    ~place() { give_back(); }

    void give_back() noexcept;
    decision how() const noexcept { return how_; }

   private:
    friend class admission;
    place(admission& of, decision how, const std::optional<network>& from) noexcept : of_(&of), how_(how), from_(from) {}

    admission* of_;
    decision how_;
    std::optional<network> from_;
  };

  /// Lifetime:  the limits are borrowed.
  explicit admission(const server_limits& limits) noexcept : limits_(limits) {}

  /// Decides on a new connection. `address` is an IP address in text; anything else has no limit of its own.
  ///
  /// Errors:    std::bad_alloc, where addresses are counted.
  place enter(std::string_view address);

  /// How many connections are open, those that are being turned away not counted.
  std::size_t open() const noexcept { return open_.load(std::memory_order_relaxed); }

  /// How many were not admitted since it was last asked.
  std::size_t take_excess() noexcept { return excess_.exchange(0, std::memory_order_relaxed); }

 private:
  static std::optional<network> parse(std::string_view address) noexcept;
  bool enter(const network& from);
  void leave(const place& left) noexcept;

  const server_limits& limits_;
  std::atomic<std::size_t> open_{0};
  std::atomic<std::size_t> turned_away_{0};
  std::atomic<std::size_t> excess_{0};
  std::mutex mutex_;
  std::map<network, std::size_t> by_network_;
};

}  // namespace csgi::posix
