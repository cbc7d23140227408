// csgi/field_syntax.hpp - what header fields are made of: which bytes, and lists of elements.
#pragma once
#include <algorithm>
#include <array>
#include <string_view>

namespace csgi { inline namespace v1 {

/// Of methods and field names (RFC 9110, 5.6.2).
constexpr bool in_token(char byte) noexcept {
  constexpr auto known = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"))
      table[static_cast<unsigned char>(c)] = true;
    return table;
  }();
  return known[static_cast<unsigned char>(byte)];
}

/// Of field values and reason phrases: no control characters but HTAB (RFC 9110, 5.5).
constexpr bool in_field_text(char byte) noexcept {
  const auto code = static_cast<unsigned char>(byte);
  return code == '\t' || (code >= ' ' && code != 0x7F);
}

constexpr bool is_token(std::string_view text) noexcept { return !text.empty() && std::all_of(text.begin(), text.end(), in_token); }

/// True of an empty text too.
constexpr bool is_field_text(std::string_view text) noexcept { return std::all_of(text.begin(), text.end(), in_field_text); }

constexpr bool is_white(char byte) noexcept { return byte == ' ' || byte == '\t'; }

/// Without the optional white space around it (RFC 9110, 5.6.3).
constexpr std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white(text.back())) text.remove_suffix(1);
  return text;
}

/// Takes the next element off a comma list (RFC 9110, 5.6.1); empty ones are given too.
constexpr std::string_view next_element(std::string_view& list) noexcept {
  const auto comma = std::min(list.find(','), list.size());
  const auto element = trimmed(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return element;
}

}}  // namespace csgi::v1
