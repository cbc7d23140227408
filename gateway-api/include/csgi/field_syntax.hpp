// csgi/field_syntax.hpp - what header fields are made of: which bytes, and lists of elements.
#pragma once
#include <algorithm>
#include <array>
#include <csgi/eight_bytes.hpp>
#include <string_view>
#include <type_traits>

namespace csgi { inline namespace v1 {

/// Which bytes are in_token(). Not within it: there, compilers make the table anew in each call.
inline constexpr auto token_bytes = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

/// Of methods and field names (RFC 9110, 5.6.2).
constexpr bool in_token(char byte) noexcept { return token_bytes[static_cast<unsigned char>(byte)]; }

/// Of field values and reason phrases: no control characters but HTAB (RFC 9110, 5.5).
constexpr bool in_field_text(char byte) noexcept {
  const auto code = static_cast<unsigned char>(byte);
  return code == '\t' || (code >= ' ' && code != 0x7F);
}

/// The place from `at` on of the first byte that may not be in a token, or the text's end.
constexpr std::size_t token_end(std::string_view text, std::size_t at) noexcept {
  if (!std::is_constant_evaluated())
    at = end_of_eights(text, at, [](std::uint64_t bytes) {      // as long as there are letters and "-", which most names are of
      const std::uint64_t seven_bits = bytes & ~eighth_bits;
      return (within(seven_bits | 0x20 * in_each_byte, 'a', 'z') | within(seven_bits, '-', '-')) & ~bytes;
    });
  while (at < text.size() && in_token(text[at])) ++at;
  return at;
}

constexpr bool is_token(std::string_view text) noexcept { return !text.empty() && token_end(text, 0) == text.size(); }

/// The place from `at` on of the first byte that may not be in a field's text, or the text's end.
constexpr std::size_t field_text_end(std::string_view text, std::size_t at) noexcept {
  if (!std::is_constant_evaluated())
    at = end_of_eights(text, at, [](std::uint64_t bytes) {      // as long as there are no control characters, HTAB among them
      // What is less than a space borrows from its eighth bit, and DEL carries into it. What they, or 0xFF, do to the byte behind
      // may make that look bad, never good.
      return ~((bytes - ' ' * in_each_byte) | (bytes + in_each_byte)) | bytes;
    });
  while (at < text.size() && in_field_text(text[at])) ++at;
  return at;
}

/// True of an empty text too.
constexpr bool is_field_text(std::string_view text) noexcept { return field_text_end(text, 0) == text.size(); }

constexpr bool is_white(char byte) noexcept { return byte == ' ' || byte == '\t'; }

/// Without the optional white space around it (RFC 9110, 5.6.3).
constexpr std::string_view trimmed(std::string_view text) noexcept {
  std::size_t begin = 0, end = text.size();
  while (begin < end && is_white(text[begin])) ++begin;
  while (begin < end && is_white(text[end - 1])) --end;
  return {text.data() + begin, end - begin};
}

/// Takes the next element off a comma list (RFC 9110, 5.6.1); empty ones are given too.
constexpr std::string_view next_element(std::string_view& list) noexcept {
  const auto comma = std::min(list.find(','), list.size());
  const auto element = trimmed(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return element;
}

}}  // namespace csgi::v1
