// journal.hpp - the last things that have happened, numbered, and waiting for the next one.
#pragma once
#include <change_signal/change_signal.hpp>
#include <csgi/async_exchange.hpp>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace ticking {

struct entry {
  std::uint64_t number = 0;         ///< from 1 on, one after the other
  std::string text{};
};

/// What who comes back is to be given.
struct reading {
  std::vector<entry> entries{};
  std::uint64_t missed = 0;         ///< that are not kept any more
};

/// A bounded history. Its name tells it from that of another run of the server, whose numbers mean other things.
///
/// Lifetime:  outlives who waits.
/// Threads:   any.
class journal {
 public:
  journal(std::string name, std::size_t most) : name_(std::move(name)), most_(most) {}

  void add(std::string text);

  /// All that came after that number, as far as it is kept.
  reading after(std::uint64_t number) const;

  /// The last ones, `count` at most.
  reading last(std::size_t count) const;

  /// Waits for what comes after that number, and gives all of it.
  ///
  /// Errors:    csgi::cancelled.
  csgi::task<reading> wait_after(csgi::async_exchange ex, std::uint64_t number) { return wait_after(ex, *this, number); }

  /// What an entry is known by to clients: "NAME-NUMBER".
  std::string id_of(std::uint64_t number) const { return name_ + '-' + std::to_string(number); }

  /// The number in an id of this journal; nothing for any other.
  std::optional<std::uint64_t> number_of(std::string_view id) const noexcept;

 private:
  static csgi::task<reading> wait_after(csgi::async_exchange ex, journal& self, std::uint64_t number);

  const std::string name_;
  const std::size_t most_;
  change_signal changes_;
  mutable std::mutex mutex_;          // of what follows
  std::deque<entry> kept_;
  std::uint64_t last_ = 0;
};

}  // namespace ticking
