// csgi/utf8.hpp - whether bytes are UTF-8 (RFC 3629), told piece by piece.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace csgi { inline namespace v1 {

/// Looks at a text as it comes. What is no UTF-8 is known as soon as no further byte could mend it; surrogates, longer forms
/// than needed and what is above U+10FFFF are none.
///
/// Threads:   one at a time.
class utf8_check {
 public:
  /// Goes on with the next bytes. False: this is not UTF-8, whatever follows, and it stays so until reset().
  bool take(std::string_view bytes) noexcept {
    constexpr std::size_t block = 2 * sizeof(std::uint64_t);
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= block; at += block, left -= block) {
      if (complete() && is_ascii(at)) continue;
      advance(at, block);
      if (now() == refused) return false;
    }
    advance(at, left);
    return now() != refused;
  }

  /// Whether what was taken is a text as it is: it has no character that is cut off.
  bool complete() const noexcept { return now() == between; }

  void reset() noexcept { state_ = between; }

 private:
  // The places within a character. Each is how far a row of `rows` is shifted for it, so that a byte costs one look-up and one
  // shift; only the low six bits of a state count.
  enum place : std::uint64_t {
    between = 0,
    want_1 = 6,         // continuation bytes
    want_2 = 12,
    want_3 = 18,
    after_e0 = 24,      // where the second byte's range is smaller: no longer form than needed,
    after_ed = 30,      // no surrogate,
    after_f0 = 36,
    after_f4 = 42,      // and nothing above U+10FFFF
    refused = 48,
  };

  static constexpr place next(place from, unsigned byte) noexcept {
    const auto in = [byte](unsigned first, unsigned last) { return byte >= first && byte <= last; };
    switch (from) {
      case between:
        if (byte < 0x80) return between;
        if (in(0xC2, 0xDF)) return want_1;
        if (byte == 0xE0) return after_e0;
        if (byte == 0xED) return after_ed;
        if (in(0xE1, 0xEF)) return want_2;
        if (byte == 0xF0) return after_f0;
        if (byte == 0xF4) return after_f4;
        return in(0xF1, 0xF3) ? want_3 : refused;
      case want_1: return in(0x80, 0xBF) ? between : refused;
      case want_2: return in(0x80, 0xBF) ? want_1 : refused;
      case want_3: return in(0x80, 0xBF) ? want_2 : refused;
      case after_e0: return in(0xA0, 0xBF) ? want_1 : refused;
      case after_ed: return in(0x80, 0x9F) ? want_1 : refused;
      case after_f0: return in(0x90, 0xBF) ? want_2 : refused;
      case after_f4: return in(0x80, 0x8F) ? want_2 : refused;
      default: return refused;
    }
  }

  /// Per byte, where it leads from each place.
  static const std::array<std::uint64_t, 256> rows;

  static bool is_ascii(const char* block) noexcept {
    constexpr std::uint64_t high_bits = 0x8080808080808080;
    std::uint64_t words[2];
    std::memcpy(words, block, sizeof words);
    return ((words[0] | words[1]) & high_bits) == 0;
  }

  void advance(const char* at, std::size_t size) noexcept {
    std::uint64_t state = state_;
    for (const char* const end = at + size; at != end; ++at) state = rows[static_cast<unsigned char>(*at)] >> (state & 63);
    state_ = state;
  }

  std::uint64_t now() const noexcept { return state_ & 63; }

  std::uint64_t state_ = between;
};

inline constexpr std::array<std::uint64_t, 256> utf8_check::rows = [] {
  std::array<std::uint64_t, 256> made{};
  for (unsigned byte = 0; byte < made.size(); ++byte)
    for (const auto from : {between, want_1, want_2, want_3, after_e0, after_ed, after_f0, after_f4, refused})
      made[byte] |= static_cast<std::uint64_t>(next(from, byte)) << from;
  return made;
}();

inline bool is_utf8(std::string_view bytes) noexcept {
  utf8_check check;
  return check.take(bytes) && check.complete();
}

}}  // namespace csgi::v1
