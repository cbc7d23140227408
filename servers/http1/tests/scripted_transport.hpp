// scripted_transport.hpp - a peer that is a script: what it sends and when, how much it takes, and where it breaks.
#pragma once
#include <algorithm>
#include <csgi/http1/connection.hpp>
#include <deque>
#include <limits>
#include <string>
#include <unistd.h>

namespace csgi::http1 {

enum class fault : unsigned char { none, would_block, short_by_one, closed, failed };

/// Behaves as a socket under edge-triggered polling: every change of readiness is an event of its own.
class scripted_transport final : public transport {
 public:
  static constexpr auto endless = std::numeric_limits<std::size_t>::max();

  // --- the script: each is one event ------------------------------------------------------------------------------

  void sends(std::string_view bytes) { script_.push_back({what::bytes, std::string(bytes), 0}); }
  void sends_one_by_one(std::string_view bytes) {
    for (const char& c : bytes) sends({&c, 1});
  }
  void takes(std::size_t bytes) { script_.push_back({what::room, {}, bytes}); }
  void closes() { script_.push_back({what::end, {}, 0}); }
  void dies() { script_.push_back({what::death, {}, 0}); }

  // --- what it does meanwhile ---------------------------------------------------------------------------------------

  std::size_t room = endless;           ///< bytes it takes before it blocks
  std::size_t most_at_once = endless;   ///< bytes that one send moves
  std::size_t dies_after = endless;     ///< bytes sent
  bool file_is_unreadable = false;
  std::size_t fault_at = 0;             ///< which call fails; 0: none
  fault fails_as = fault::none;

  // --- what was seen ------------------------------------------------------------------------------------------------

  std::string got;                      ///< all bytes it was sent
  std::size_t sends_seen = 0;           ///< calls that moved bytes
  std::size_t calls = 0;
  std::size_t receives = 0;
  bool sending_closed = false;
  bool was_reset = false;
  bool faulted = false;

  std::string take_got() { return std::exchange(got, {}); }

  // --- for its host ---------------------------------------------------------------------------------------------------

  bool ready_for(interest direction) const noexcept {
    if (dead_) return true;
    return direction == interest::readable ? !kernel_.empty() || ended_ : room > 0;
  }

  /// The script's next event; false when it is over.
  bool step(readiness& event) {
    event = std::exchange(due_, {});
    if (event.readable || event.writable || event.dead) return true;
    if (script_.empty()) return false;
    const auto next = std::move(script_.front());
    script_.pop_front();
    switch (next.kind) {
      case what::bytes:
        kernel_ += next.text;
        event.readable = true;
        break;
      case what::room:
        room += next.count;
        event.writable = true;
        break;
      case what::end:
        ended_ = true;
        event.readable = event.peer_closed = true;
        break;
      case what::death:
        die();
        event = due_;
        due_ = {};
        break;
    }
    return true;
  }

  // --- transport ------------------------------------------------------------------------------------------------------

  io_result receive(std::span<char> into) noexcept override {
    ++receives;
    const fault now = next_fault();
    if (now == fault::failed) die();
    if (now == fault::closed) {
      kernel_.clear();
      script_.clear();
      ended_ = true;
      due_.peer_closed = due_.readable = true;
    }
    if (now == fault::would_block || now == fault::short_by_one) due_.readable = true;
    if (dead_) return {io_result::state::failed};
    if (now == fault::would_block) return {io_result::state::would_block};
    if (kernel_.empty()) return {ended_ ? io_result::state::closed : io_result::state::would_block};
    auto count = std::min(into.size(), kernel_.size());
    if (now == fault::short_by_one && count > 1) --count;
    std::copy_n(kernel_.begin(), count, into.begin());
    kernel_.erase(0, count);
    return {io_result::state::done, count};
  }

  io_result send(std::string_view first, std::string_view second, std::string_view third) noexcept override {
    return take(std::string(first).append(second).append(third));
  }

  io_result send_file(int descriptor, std::uint64_t offset, std::uint64_t count) noexcept override {
    if (file_is_unreadable) return {io_result::state::unreadable};
    std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(count, 1 << 20)), '\0');
    const auto read = ::pread(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (read < 0) return {io_result::state::unreadable};
    if (read == 0) return {io_result::state::closed};
    bytes.resize(static_cast<std::size_t>(read));
    return take(bytes);
  }

  void tell_again() noexcept override { due_.writable = true; }
  void close_sending() noexcept override { sending_closed = true; }
  void reset() noexcept override { was_reset = true; }
  bool peer_closed() noexcept override {
    // The operating system knows at once what an event would tell later.
    return dead_ || ended_ || (!script_.empty() && script_.front().kind == what::end);
  }

 private:
  enum class what : unsigned char { bytes, room, end, death };
  struct portion {
    what kind;
    std::string text;
    std::size_t count;
  };

  fault next_fault() noexcept {
    if (++calls != fault_at) return fault::none;
    faulted = true;
    return fails_as;
  }

  void die() noexcept {
    dead_ = true;
    kernel_.clear();
    script_.clear();
    due_ = {.readable = true, .writable = true, .peer_closed = true, .dead = true};
  }

  io_result take(const std::string& bytes) noexcept {
    const fault now = next_fault();
    if (now == fault::failed || now == fault::closed || got.size() >= dies_after) die();
    if (dead_ || sending_closed) return {io_result::state::failed};
    auto count = std::min({bytes.size(), most_at_once, room, dies_after - got.size()});
    if (now == fault::would_block || now == fault::short_by_one) due_.writable = true;
    if (now == fault::would_block || count == 0) return {io_result::state::would_block};
    if (now == fault::short_by_one && count > 1) --count;
    got.append(bytes, 0, count);
    if (room != endless) room -= count;
    ++sends_seen;
    return {io_result::state::done, count};
  }

  std::deque<portion> script_;
  std::string kernel_;          // arrived and not received
  readiness due_;               // told with the next step
  bool ended_ = false;
  bool dead_ = false;
};

}  // namespace csgi::http1
