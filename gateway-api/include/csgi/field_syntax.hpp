// csgi/field_syntax.hpp - which bytes header fields are made of.
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

}}  // namespace csgi::v1
