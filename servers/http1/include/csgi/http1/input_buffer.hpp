// csgi/http1/input_buffer.hpp - received bytes: the head stays in place while its body streams past.
#pragma once
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace csgi::http1 {

/// Two blocks. A request's head lies in the first and stays there until the request is over; body bytes beyond what
/// came with the head are received into the second, again and again.
class input_buffer {
 public:
  static constexpr std::size_t block_size = 64 * 1024;

  /// What was received and not consumed.
  std::string_view unread() const noexcept { return {block() + position_, end_ - position_}; }
  void consume(std::size_t count) noexcept { position_ += count; }

  /// Where more of a head is to be received. Whatever precedes the unread bytes is given up, so that a head always has
  /// the whole block; never empty while a head is within the largest limit.
  std::span<char> room_for_head() {
    if (!head_) head_ = std::make_unique_for_overwrite<char[]>(block_size);
    if (position_ > 0) {
      std::memmove(head_.get(), head_.get() + position_, end_ - position_);
      end_ -= position_;
      position_ = 0;
    }
    return {head_.get() + end_, block_size - end_};
  }

  /// Where more of a body is to be received. Ends the life of every body view. Requires: unread() is empty.
  std::span<char> room_for_body() {
    if (!body_) body_ = std::make_unique_for_overwrite<char[]>(block_size);
    in_body_ = true;
    position_ = end_ = 0;
    return {body_.get(), block_size};
  }

  /// The body bytes received last stay as they are when room_for_body() is called once more. Requires: unread() is empty.
  void set_aside() {
    if (!in_body_) return;      // they came with the head, whose block is not received into
    if (!spare_) spare_ = std::make_unique_for_overwrite<char[]>(block_size);
    std::swap(body_, spare_);
  }

  void received(std::size_t count) noexcept { end_ += count; }

  /// The request is over: what is unread begins the next one.
  void next_request() noexcept {
    if (std::exchange(in_body_, false)) std::swap(head_, body_);
    if (position_ == end_) position_ = end_ = 0;
  }

  void clear() noexcept {
    in_body_ = false;
    position_ = end_ = 0;
  }

 private:
  const char* block() const noexcept { return in_body_ ? body_.get() : head_.get(); }

  std::unique_ptr<char[]> head_;
  std::unique_ptr<char[]> body_;
  std::unique_ptr<char[]> spare_;       // what was set aside, or is to be received into next
  std::size_t position_ = 0;
  std::size_t end_ = 0;
  bool in_body_ = false;
};

}  // namespace csgi::http1
