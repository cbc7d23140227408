// csgi/http1/output_queue.hpp - bytes to be sent: own ones, then at most one borrowed run of memory or file.
#pragma once
#include <csgi/http1/transport.hpp>
#include <string>
#include <system_error>

namespace csgi::http1 {

/// In order: own bytes, the borrowed run, its suffix. Own bytes are appended only while nothing is borrowed.
class output_queue {
 public:
  enum class state : unsigned char { sent, blocked, failed, file_too_short, file_unreadable };

  output_queue() = default;
  output_queue(const output_queue&) = delete;
  output_queue& operator=(const output_queue&) = delete;
  ~output_queue() { clear(); }

  /// Where own bytes are appended. Requires: only_own().
  std::string& own() noexcept {
    // What was sent is given up only where that moves less than it frees.
    if (sent_ > own_.size() / 2) forget_sent();
    return own_;
  }

  void borrow(std::string_view data, std::string_view suffix) noexcept;
  void borrow_file(int descriptor, std::uint64_t offset, std::uint64_t count, std::string_view suffix) noexcept;

  bool empty() const noexcept { return sent_ == own_.size() && data_.empty() && file_left_ == 0 && suffix_.empty(); }
  bool only_own() const noexcept { return data_.empty() && file_left_ == 0 && suffix_.empty(); }
  bool borrows_file() const noexcept { return file_left_ > 0 && !owns_file_; }

  /// Bytes in memory that take_over() would hold or holds already.
  std::size_t memory() const noexcept { return own_.size() - sent_ + data_.size(); }

  /// Sends as much as goes, but only so much at a time: who reads fast gets the rest when others had their turn.
  state send(transport& to) noexcept;

  /// Whether the last send() moved anything: a stalled peer is one that takes nothing.
  bool progressed() const noexcept { return progressed_; }

  /// Makes what is borrowed its own, so that more can follow it: copies bytes, duplicates the descriptor.
  ///
  /// Errors:    not_enough_memory, too_many_files_open…; the borrowed run is then as it was.
  std::error_code take_over() noexcept;

  /// What there is belongs to whole responses; what follows to the next one. Requires: only_own().
  void begin_response() noexcept { whole_ = own_.size(); }

  /// Bytes left of the response begun last; framing may be among them.
  std::uint64_t left_of_response() const noexcept;

  /// Forgets what is left of the response begun last.
  void cut_response() noexcept;

  /// Forgets everything, and large memory with it.
  void clear() noexcept;

 private:
  void forget_sent() noexcept;
  state send_bytes(transport& to) noexcept;
  state send_around_file(transport& to) noexcept;
  state send_file(transport& to) noexcept;
  bool had_its_turn(transport& to, std::uint64_t moved) noexcept;
  void drop_file() noexcept;

  std::string own_;
  std::size_t sent_ = 0;            // of own_
  std::size_t whole_ = 0;           // of own_, before the response begun last
  std::string_view data_;
  std::string_view suffix_;
  int file_ = -1;
  bool owns_file_ = false;
  bool progressed_ = false;
  std::uint64_t in_one_go_ = 0;     // bytes that this send() has moved
  std::uint64_t file_offset_ = 0;
  std::uint64_t file_left_ = 0;
};

}  // namespace csgi::http1
