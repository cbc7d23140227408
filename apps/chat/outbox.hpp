// outbox.hpp - what one member is still to be sent.
#pragma once
#include "line.hpp"
#include <change_signal/change_signal.hpp>
#include <csgi/async_exchange.hpp>
#include <deque>

namespace chatting {

/// How a member's conversation is to be closed. The words are a literal.
struct parting {
  std::uint16_t code = 1000;
  std::string_view reason{};
};

/// A bounded queue between who speaks, on any thread, and the coroutine that sends to one member.
///
/// Lifetime:  outlives each call: a member leaves its room before its outbox ends.
/// Threads:   put(), close() and cut() any; the others the member's executor's.
class outbox {
 public:
  struct limits {
    std::size_t lines = 4096;
    std::size_t bytes = 4 * 1024 * 1024;
  };

  explicit outbox(limits most) noexcept : most_(most) {}

  /// Adds a line. False, and nothing is added, where the limits are reached, or memory is. Once closed, lines are dropped.
  bool put(line text) noexcept;

  /// Ends it: what is there is sent, and then the conversation closed. The first call counts.
  void close(parting how) noexcept;

  /// Ends it at once: what is there is dropped.
  void cut(parting how) noexcept;

  /// Gives the next line, and none once closed and empty.
  ///
  /// Errors:    csgi::cancelled.
  csgi::task<line> next(csgi::async_exchange ex) { return next_of(ex, *this); }

  /// Waits until few lines are left. A member that speaks waits for that: so it speaks no faster than it can listen, and who
  /// listens as well as it does is never behind by much.
  ///
  /// Errors:    csgi::cancelled.
  csgi::task<> nearly_empty(csgi::async_exchange ex) { return emptying(ex, *this); }

  /// How it was closed. Requires: next() has given none.
  parting end() const noexcept;

 private:
  static csgi::task<line> next_of(csgi::async_exchange ex, outbox& self);
  static csgi::task<> emptying(csgi::async_exchange ex, outbox& self);
  bool take(line& out) noexcept;
  bool is_nearly_empty() const noexcept;

  const limits most_;
  change_signal changes_;
  mutable std::mutex mutex_;          // of what follows
  std::deque<line> lines_;
  std::size_t bytes_ = 0;
  parting end_;
  bool closed_ = false;
};

}  // namespace chatting
