#include "sha1.hpp"
#include <algorithm>
#include <bit>
#include <functional>

namespace csgi { inline namespace v1 {
namespace {

constexpr std::size_t block_size = 64;
constexpr std::size_t length_size = 8;

using block = std::array<unsigned char, block_size>;
using words = std::array<std::uint32_t, 5>;

std::uint32_t word_at(const unsigned char* bytes) noexcept {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

/// A round's function and constant (4.1.1 and 4.2.1).
std::uint32_t mixed(unsigned round, std::uint32_t b, std::uint32_t c, std::uint32_t d) noexcept {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5A827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ED9EBA1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC;
  return (b ^ c ^ d) + 0xCA62C1D6;
}

/// 6.1.2
void add_block(words& hash, const unsigned char* bytes) noexcept {
  std::array<std::uint32_t, 80> schedule;
  for (unsigned i = 0; i < 16; ++i) schedule[i] = word_at(bytes + 4 * i);
  for (unsigned i = 16; i < 80; ++i)
    schedule[i] = std::rotl(schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1);

  auto [a, b, c, d, e] = hash;
  for (unsigned i = 0; i < 80; ++i) {
    const std::uint32_t next = std::rotl(a, 5) + mixed(i, b, c, d) + e + schedule[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const words added{a, b, c, d, e};
  std::transform(hash.begin(), hash.end(), added.begin(), hash.begin(), std::plus<>());
}

/// The bytes behind the last whole block, and the padding (5.1.1).
void add_end(words& hash, std::string_view rest, std::uint64_t bits) noexcept {
  block last{};
  std::copy(rest.begin(), rest.end(), last.begin());
  last[rest.size()] = 0x80;
  if (rest.size() + 1 + length_size > block_size) {
    add_block(hash, last.data());
    last = {};
  }
  for (std::size_t i = 0; i < length_size; ++i) last[block_size - 1 - i] = static_cast<unsigned char>(bits >> (8 * i));
  add_block(hash, last.data());
}

}  // namespace

sha1_digest sha1(std::string_view bytes) noexcept {
  words hash{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
  for (; bytes.size() >= block_size; bytes.remove_prefix(block_size))
    add_block(hash, reinterpret_cast<const unsigned char*>(bytes.data()));
  add_end(hash, bytes, bits);

  sha1_digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<unsigned char>(hash[i / 4] >> (24 - 8 * (i % 4)));
  return digest;
}

}}  // namespace csgi::v1
