// output_queue.cpp - see csgi/http1/output_queue.hpp.
#include <algorithm>
#include <cerrno>
#include <csgi/http1/output_queue.hpp>
#include <fcntl.h>
#include <new>
#include <unistd.h>
#include <utility>

namespace csgi::http1 {

namespace {

constexpr std::size_t most_kept_capacity = 64 * 1024;
constexpr std::uint64_t most_in_one_go = 512 * 1024;      // bytes, before other connections get their turn

/// Takes up to `sent` bytes off the front of `from`; gives what is left of `sent`.
std::size_t take(std::string_view& from, std::size_t sent) noexcept {
  const auto count = sent < from.size() ? sent : from.size();
  from.remove_prefix(count);
  return sent - count;
}

}  // namespace

void output_queue::forget_sent() noexcept {
  own_.erase(0, sent_);
  whole_ -= std::min(whole_, sent_);
  sent_ = 0;
}

void output_queue::borrow(std::string_view data, std::string_view suffix) noexcept {
  data_ = data;
  suffix_ = suffix;
}

void output_queue::borrow_file(int descriptor, std::uint64_t offset, std::uint64_t count, std::string_view suffix) noexcept {
  file_ = descriptor;
  owns_file_ = false;
  file_offset_ = offset;
  file_left_ = count;
  suffix_ = suffix;
}

// With what send() calls in line: most responses and frames are some own bytes that go at once.
inline output_queue::state output_queue::send_bytes(transport& to) noexcept {
  for (;;) {
    const std::string_view own(own_.data() + sent_, own_.size() - sent_);
    const std::string_view suffix = file_left_ > 0 ? std::string_view{} : suffix_;
    if (own.empty() && data_.empty() && suffix.empty()) break;
    const auto moved = to.send(own, data_, suffix);
    if (moved.now != io_result::state::done) [[unlikely]]
      return moved.now == io_result::state::would_block ? state::blocked : state::failed;
    progressed_ = true;
    if (moved.bytes == own.size() && data_.empty() && suffix.empty()) [[likely]] break;
    auto rest = moved.bytes;
    const auto of_own = rest < own.size() ? rest : own.size();
    sent_ += of_own;
    rest = take(data_, rest - of_own);
    if (rest > 0) take(suffix_, rest);
    if (had_its_turn(to, moved.bytes)) return state::blocked;
  }
  own_.clear();
  sent_ = whole_ = 0;
  return state::sent;
}

output_queue::state output_queue::send(transport& to) noexcept {
  progressed_ = false;
  in_one_go_ = 0;
  if (file_left_ > 0) [[unlikely]] return send_around_file(to);
  return send_bytes(to);
}

output_queue::state output_queue::send_around_file(transport& to) noexcept {
  if (sent_ < own_.size())
    if (const auto now = send_bytes(to); now != state::sent) return now;
  if (const auto now = send_file(to); now != state::sent) return now;
  return send_bytes(to);
}

bool output_queue::had_its_turn(transport& to, std::uint64_t moved) noexcept {
  in_one_go_ += moved;
  if (in_one_go_ < most_in_one_go || empty()) return false;
  to.tell_again();
  return true;
}

output_queue::state output_queue::send_file(transport& to) noexcept {
  while (file_left_ > 0) {
    const auto moved = to.send_file(file_, file_offset_, file_left_);
    switch (moved.now) {
      case io_result::state::would_block: return state::blocked;
      case io_result::state::closed: return state::file_too_short;
      case io_result::state::failed: return state::failed;
      case io_result::state::unreadable: return state::file_unreadable;
      case io_result::state::done: break;
    }
    progressed_ = true;
    file_offset_ += moved.bytes;
    file_left_ -= moved.bytes;
    if (file_left_ > 0 && had_its_turn(to, moved.bytes)) return state::blocked;
  }
  drop_file();
  return state::sent;
}

std::error_code output_queue::take_over() noexcept {
  if (file_left_ > 0) {
    if (owns_file_) return {};
    const int copy = ::fcntl(file_, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return {errno, std::generic_category()};
    file_ = copy;
    owns_file_ = true;
    return {};
  }
  try {
    own_.reserve(own_.size() + data_.size() + suffix_.size());
  } catch (const std::bad_alloc&) {
    return std::make_error_code(std::errc::not_enough_memory);
  }
  own_.append(data_).append(suffix_);
  data_ = suffix_ = {};
  return {};
}

void output_queue::drop_file() noexcept {
  if (std::exchange(owns_file_, false)) ::close(file_);
  file_ = -1;
  file_left_ = 0;
}

std::uint64_t output_queue::left_of_response() const noexcept {
  return own_.size() - std::max(sent_, whole_) + data_.size() + file_left_;
}

void output_queue::cut_response() noexcept {
  if (sent_ >= whole_) return clear();
  drop_file();
  data_ = suffix_ = {};
  own_.resize(whole_);
}

void output_queue::clear() noexcept {
  drop_file();
  data_ = suffix_ = {};
  sent_ = whole_ = 0;
  own_.clear();
  if (own_.capacity() > most_kept_capacity) std::string().swap(own_);
}

}  // namespace csgi::http1
