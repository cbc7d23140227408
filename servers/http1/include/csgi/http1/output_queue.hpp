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

  /// Where own bytes are appended. Requires: nothing borrowed.
  std::string& own() noexcept { return own_; }

  void borrow(std::string_view data, std::string_view suffix) noexcept;
  void borrow_file(int descriptor, std::uint64_t offset, std::uint64_t count, std::string_view suffix) noexcept;

  bool empty() const noexcept { return sent_ == own_.size() && data_.empty() && file_left_ == 0 && suffix_.empty(); }
  bool borrows() const noexcept { return !data_.empty() || (file_left_ > 0 && !owns_file_); }
  bool borrows_file() const noexcept { return file_left_ > 0 && !owns_file_; }

  /// Bytes in memory that take_over() would hold or holds already.
  std::size_t memory() const noexcept { return own_.size() - sent_ + data_.size(); }

  /// Sends as much as goes.
  state send(transport& to) noexcept;

  /// Whether the last send() moved anything: a stalled peer is one that takes nothing.
  bool progressed() const noexcept { return progressed_; }

  /// Makes what is borrowed its own: copies bytes, duplicates the descriptor.
  ///
  /// Errors:    not_enough_memory, too_many_files_open…; the borrowed run is then as it was.
  std::error_code take_over() noexcept;

  /// Forgets everything, and large memory with it.
  void clear() noexcept;

 private:
  state send_bytes(transport& to) noexcept;
  state send_file(transport& to) noexcept;
  void drop_file() noexcept;

  std::string own_;
  std::size_t sent_ = 0;            // of own_
  std::string_view data_;
  std::string_view suffix_;
  int file_ = -1;
  bool owns_file_ = false;
  bool progressed_ = false;
  std::uint64_t file_offset_ = 0;
  std::uint64_t file_left_ = 0;
};

}  // namespace csgi::http1
