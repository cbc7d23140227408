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
};

constexpr bool is_content_length(std::string_view name) noexcept { return same_name(name, "content-length"); }

/// The fields that say how a connection goes on, and so belong to the server.
constexpr bool belongs_to_server(std::string_view name) noexcept {
  constexpr std::string_view names[] = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"};
  return std::any_of(std::begin(names), std::end(names), [name](auto known) { return same_name(name, known); });
}

/// The number that a Content-Length says; none for what is no decimal number, or too large for a file's size.
inline std::optional<std::uint64_t> content_length_of(std::string_view value) noexcept {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t length = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (failure != std::errc() || end != value.data() + value.size() || length > most) return std::nullopt;
  return length;
}

/// None for a head that breaks a rule of response_head: invalid_argument.
inline std::optional<checked_head> check_head(const response_head& head) noexcept {
  if (head.status < 200 || head.status > 599 || !is_field_text(head.reason)) return std::nullopt;
  checked_head found;
  for (const field& f : head.fields) {
    if (!is_token(f.name) || !is_field_text(f.value) || belongs_to_server(f.name)) return std::nullopt;
    if (!is_content_length(f.name)) continue;
    const auto length = content_length_of(f.value);
    if (!length || (found.length && found.length != length)) return std::nullopt;
    found.length = length;
  }
  return found;
}

}}  // namespace csgi::v1
