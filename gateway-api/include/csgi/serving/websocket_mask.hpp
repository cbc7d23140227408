// csgi/serving/websocket_mask.hpp - masks and unmasks a WebSocket frame's payload (RFC 6455, 5.3).
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace csgi { inline namespace v1 {

/// A masking key, and where in it the payload is: each call goes on where the last one ended. Twice the same changes nothing.
class websocket_mask {
 public:
  static constexpr std::size_t key_size = 4;

  websocket_mask() = default;     ///< changes nothing

  /// `key` is the key_size bytes as they are in the frame.
  explicit websocket_mask(const char* key) noexcept { std::memcpy(&key_, key, key_size); }

  /// Changes the next bytes of the payload in place, at any alignment.
  void apply(std::span<char> bytes) noexcept {
    char* at = bytes.data();
    std::size_t left = bytes.size();
    const std::uint64_t twice = key_ | std::uint64_t{key_} << 32;
    for (; left >= 4 * sizeof twice; at += 4 * sizeof twice, left -= 4 * sizeof twice) {    // four, as compilers join them
      mask_word(at, twice);
      mask_word(at + sizeof twice, twice);
      mask_word(at + 2 * sizeof twice, twice);
      mask_word(at + 3 * sizeof twice, twice);
    }
    for (; left >= sizeof twice; at += sizeof twice, left -= sizeof twice) mask_word(at, twice);
    if (left >= sizeof key_) {
      mask_word(at, key_);
      at += sizeof key_;
      left -= sizeof key_;
    }
    for (; left > 0; --left, ++at) {
      *at = static_cast<char>(*at ^ first_byte());
      turn();
    }
  }

 private:
  template <class Word>
  static void mask_word(char* at, Word key) noexcept {
    Word word;
    std::memcpy(&word, at, sizeof word);
    word ^= key;
    std::memcpy(at, &word, sizeof word);
  }

  char first_byte() const noexcept {
    char byte;
    std::memcpy(&byte, &key_, 1);
    return byte;
  }

  /// The key's bytes are kept in the order of the wire, the next one first.
  void turn() noexcept { key_ = std::endian::native == std::endian::little ? std::rotr(key_, 8) : std::rotl(key_, 8); }

  std::uint32_t key_ = 0;
};

}}  // namespace csgi::v1
