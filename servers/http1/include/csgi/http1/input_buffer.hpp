// csgi/http1/input_buffer.hpp - received bytes: the head stays in place while its body streams past.
#pragma once
#include <algorithm>
#include <csgi/http1/block_pool.hpp>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace csgi::http1 {

/// Two blocks. A request's head lies in the first and stays there until the request is over; body bytes beyond what
/// came with the head are received into the second, again and again. Who may wait for long takes the head out of its block,
/// so that none is held meanwhile. Who wants a body before anybody reads it gathers it in a third.
class input_buffer {
 public:
  static constexpr std::size_t block_size = block_pool::block_size;

  /// Lifetime:  `blocks` is borrowed; it need not be there any more when this ends.
  explicit input_buffer(block_pool& blocks) noexcept : blocks_(blocks) {}

  /// What was received and not consumed.
  std::string_view unread() const noexcept { return {block() + position_, end_ - position_}; }
  void consume(std::size_t count) noexcept { position_ += count; }

  /// Where more of a head is to be received. Whatever precedes the unread bytes is given up, so that a head always has
  /// the whole block; never empty while a head is within the largest limit.
  std::span<char> room_for_head() {
    if (!head_) head_ = blocks_.acquire_block();
    if (position_ > 0) {
      std::memmove(head_.get(), head_.get() + position_, end_ - position_);
      end_ -= position_;
      position_ = 0;
    }
    return {head_.get() + end_, block_size - end_};
  }

  /// Consumes a head of that size: gives a copy, which stays as it is until the request is over, whatever becomes of the block.
  std::string_view take_out_head(std::size_t size) {
    head_copy_ = std::make_unique_for_overwrite<char[]>(size);
    std::copy_n(head_.get() + position_, size, head_copy_.get());
    position_ += size;
    return {head_copy_.get(), size};
  }

  /// Where more of a body is to be received. Ends the life of every body view. Requires: unread() is empty.
  std::span<char> room_for_body() {
    if (!body_) body_ = blocks_.acquire_block();
    in_body_ = true;
    position_ = end_ = 0;
    return {body_.get(), block_size};
  }

  /// Nobody looks at body bytes any more, and none are received for now. Requires: unread() is empty.
  void release() noexcept {
    give_back(body_);
    if (head_copy_) give_back(head_);
    clear();
  }

  /// Room for that many more bytes of a gathered body.
  std::size_t room_to_gather() const noexcept { return block_size - gathered_size_; }

  /// Keeps a copy of body bytes that are consumed. Requires: there is room.
  void gather(std::string_view bytes) {
    if (!gathered_) gathered_ = blocks_.acquire_block();
    std::copy_n(bytes.data(), bytes.size(), gathered_.get() + gathered_size_);
    gathered_size_ += bytes.size();
  }

  /// What was gathered, once. It stays as it is until this is asked again, or the request is over.
  std::string_view take_gathered() noexcept {
    if (gathered_size_ == 0) {
      give_back(gathered_);
      return {};
    }
    return {gathered_.get(), std::exchange(gathered_size_, 0)};
  }

  /// The body bytes received last stay as they are, whatever is received, until they are taken back or others are set aside.
  /// Requires: the head was taken out, unread() is empty.
  void set_aside() noexcept {
    take_back();
    aside_ = std::move(in_body_ ? body_ : head_);
    clear();
  }
  void take_back() noexcept { give_back(aside_); }

  void received(std::size_t count) noexcept { end_ += count; }

  /// The request is over: what is unread begins the next one.
  void next_request() noexcept {
    if (std::exchange(in_body_, false)) std::swap(head_, body_);
    if (position_ == end_) position_ = end_ = 0;
    head_copy_.reset();
    forget_gathered();
  }

  void clear() noexcept {
    in_body_ = false;
    position_ = end_ = 0;
  }

  /// Forgets everything.
  void reset() noexcept {
    clear();
    take_back();
    head_copy_.reset();
    forget_gathered();
  }

 private:
  const char* block() const noexcept { return in_body_ ? body_.get() : head_.get(); }

  void forget_gathered() noexcept {
    gathered_size_ = 0;
    give_back(gathered_);
  }

  void give_back(block_pool::block& used) noexcept {
    if (used) blocks_.release_block(std::move(used));
  }

  block_pool& blocks_;
  block_pool::block head_;
  block_pool::block body_;
  block_pool::block aside_;
  block_pool::block head_copy_;         // exactly as large as the head
  block_pool::block gathered_;
  std::size_t gathered_size_ = 0;
  std::size_t position_ = 0;
  std::size_t end_ = 0;
  bool in_body_ = false;
};

}  // namespace csgi::http1
