// utf8.cpp - see utf8.hpp.
#include "utf8.hpp"
#include <algorithm>

namespace csgi::conformance {

namespace {

unsigned char at(std::string_view bytes, std::size_t i) noexcept {
  return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
}

bool continues(unsigned char byte) noexcept { return (byte & 0xc0) == 0x80; }

/// Bytes of the character that `bytes` begins with: 0 if it is none, or one that is not shown as it is.
std::size_t length(std::string_view bytes) noexcept {
  const unsigned char first = at(bytes, 0);
  const unsigned char second = at(bytes, 1);
  if (first == '\n' || (first >= 0x20 && first < 0x7f)) return 1;
  if (first == 0xc2 && second < 0xa0) return 0;   // C1 controls
  if (first >= 0xc2 && first <= 0xdf) return continues(second) ? 2 : 0;
  if (first == 0xe0 && second < 0xa0) return 0;   // too long a form
  if (first == 0xed && second >= 0xa0) return 0;  // surrogates
  if (first == 0xef && second == 0xbf && at(bytes, 2) >= 0xbe) return 0;  // U+FFFE and U+FFFF are no XML
  if (first >= 0xe0 && first <= 0xef) return continues(second) && continues(at(bytes, 2)) ? 3 : 0;
  if (first == 0xf0 && second < 0x90) return 0;
  if (first == 0xf4 && second >= 0x90) return 0;  // beyond U+10FFFF
  if (first >= 0xf0 && first <= 0xf4)
    return continues(second) && continues(at(bytes, 2)) && continues(at(bytes, 3)) ? 4 : 0;
  return 0;
}

}  // namespace

std::string as_utf8(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  while (!bytes.empty()) {
    const std::size_t size = length(bytes);
    text += bytes.substr(0, size);
    if (size == 0) text.append("\\x").append(1, digits[at(bytes, 0) >> 4]).append(1, digits[at(bytes, 0) & 15]);
    bytes.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return text;
}

std::size_t characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues(static_cast<unsigned char>(c)); }));
}

}  // namespace csgi::conformance
