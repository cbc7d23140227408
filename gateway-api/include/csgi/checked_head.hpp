// csgi/checked_head.hpp - which response heads may be sent, for who implements exchange::start().
#pragma once
#include <charconv>
#include <cstdint>
#include <csgi/field_syntax.hpp>
#include <csgi/response_head.hpp>
#include <limits>
#include <optional>

namespace csgi { inline namespace v1 {

/// What a server has to know of a head that may be sent.
struct checked_head {
  std::optional<std::uint64_t> length;      ///< its Content-Length
  bool repeats_length = false;              ///< the same in another field
  bool has_date = false;                    ///< fields that a server adds where the app gives none
  bool has_server = false;
  std::size_t text_size = 0;                ///< bytes of all names and values
};

constexpr bool is_content_length(std::string_view name) noexcept {
  return name == "content-length" || same_name(name, "content-length");     // as most write it: two comparisons of eight bytes
}

/// The fields that say how a connection goes on, and so belong to the server. Hardly any other name has the length of one.
constexpr bool belongs_to_server(std::string_view name) noexcept {
  switch (name.size()) {
    case 2: return same_name(name, "te");
    case 7: return same_name(name, "trailer") || same_name(name, "upgrade");
    case 10: return same_name(name, "connection") || same_name(name, "keep-alive");
    case 16: return same_name(name, "proxy-connection");
    case 17: return same_name(name, "transfer-encoding");
    default: return false;
  }
}

/// The number that a Content-Length says; none for what is no decimal number, or too large for a file's size.
inline std::optional<std::uint64_t> content_length_of(std::string_view value) noexcept {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t length = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (failure != std::errc() || end != value.data() + value.size() || length > most) return std::nullopt;
  return length;
}

/// Whether the head may be sent. What is found in it is added to `found`, which is given as it is made.
inline bool check_head(const response_head& head, checked_head& found) noexcept {
  if (head.status < 200 || head.status > 599 || (!head.reason.empty() && !is_field_text(head.reason))) return false;
  for (const field& f : head.fields) {
    if (!is_token(f.name) || !is_field_text(f.value) || belongs_to_server(f.name)) return false;
    found.text_size += f.name.size() + f.value.size();
    found.has_date |= same_name(f.name, "date");
    found.has_server |= same_name(f.name, "server");
    if (!is_content_length(f.name)) continue;
    const auto length = content_length_of(f.value);
    found.repeats_length = found.length.has_value();
    if (!length || (found.length && found.length != length)) return false;
    found.length = length;
  }
  return true;
}

/// None for a head that breaks a rule of response_head: invalid_argument.
inline std::optional<checked_head> check_head(const response_head& head) noexcept {
  std::optional<checked_head> found(std::in_place);     // and returned as it is: to copy it would take as long as to check it
  if (!check_head(head, *found)) found.reset();
  return found;
}

}}  // namespace csgi::v1
