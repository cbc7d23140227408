// csgi/eight_bytes.hpp - which bytes a text begins with, found out for eight of them at a time.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace csgi { inline namespace v1 {

inline constexpr std::uint64_t in_each_byte = 0x0101010101010101;
inline constexpr std::uint64_t eighth_bits = 0x80 * in_each_byte;

/// In the eighth bit of each byte, whether it is from `first` to `last`; other bits mean nothing. Requires: all bytes have seven
/// bits, `last` is less than 0x7F.
constexpr std::uint64_t within(std::uint64_t seven_bits, unsigned char first, unsigned char last) noexcept {
  const std::uint64_t from_first = seven_bits + (0x80u - first) * in_each_byte;     // carries into its own eighth bit only
  const std::uint64_t behind_last = seven_bits + (0x7Fu - last) * in_each_byte;
  return from_first ^ behind_last;
}

/// The place, from `at` on, of the first byte that is not good, or one before it. `good` is given eight bytes, and gives the eighth
/// bit of each that is; other bits don't matter.
template <class Good>
std::size_t end_of_eights(std::string_view text, std::size_t at, Good good) noexcept {
  for (std::uint64_t bytes = 0; at + sizeof bytes <= text.size(); at += sizeof bytes) {
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    const std::uint64_t bad = ~good(bytes) & eighth_bits;
    if (bad == 0) continue;
    if constexpr (std::endian::native == std::endian::little) at += static_cast<unsigned>(std::countr_zero(bad)) / 8;
    break;
  }
  return at;
}

}}  // namespace csgi::v1
