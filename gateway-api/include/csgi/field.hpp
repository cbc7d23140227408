// csgi/field.hpp - header fields: one name and value, and lists of them.
#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace csgi { inline namespace v1 {

/// One header field, as views: the name in the case it was received or written in, the value without
/// surrounding white space. Bytes above 0x7F are passed as they are.
struct field {
  std::string_view name;
  std::string_view value;
};

/// Field names are compared without regard to ASCII case (RFC 9110, 5.1); `X_Foo` and `X-Foo` differ.
constexpr bool same_name(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<unsigned char>(a[i]), y = static_cast<unsigned char>(b[i]);
    if (x == y) continue;
    const auto lower = static_cast<unsigned char>(x | 0x20);
    if (lower != (y | 0x20) || lower < 'a' || lower > 'z') return false;
  }
  return true;
}

/// The value of the first field of that name, nothing where there is none. An ordered list may hold several
/// fields of one name: who needs them all walks the list.
constexpr std::optional<std::string_view> find_field(std::span<const field> fields, std::string_view name) noexcept {
  for (const field& f : fields)
    if (same_name(f.name, name)) return f.value;
  return std::nullopt;
}

}}  // namespace csgi::v1
