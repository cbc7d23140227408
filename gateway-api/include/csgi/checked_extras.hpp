// csgi/checked_extras.hpp - what may be sent before and behind a response, for who implements informational and response_trailers.
#pragma once
#include <csgi/checked_head.hpp>

namespace csgi { inline namespace v1 {

/// Whether begin_inform() takes it: 100 is the server's own, 101 an upgrade; the rules for fields are those of a final head, and
/// there is no body that could have a length.
inline bool may_inform(int status, std::span<const field> fields) noexcept {
  if (status < 102 || status > 199) return false;
  const auto checked = check_head({.status = 200, .fields = fields});
  return checked && !checked->length;
}

/// A field's name that is none of framing, routing, authentication and content (RFC 9110, 6.5.1).
constexpr bool may_be_trailer(std::string_view name) noexcept {
  constexpr std::string_view never[] = {
      "content-length", "host", "authorization", "proxy-authorization", "www-authenticate", "proxy-authenticate",
      "content-encoding", "content-type", "content-range", "cache-control", "expires", "date", "location", "retry-after",
      "vary", "age", "set-cookie", "expect", "max-forwards", "range"};
  return is_token(name) && !belongs_to_server(name) &&
         std::none_of(std::begin(never), std::end(never), [name](auto known) { return same_name(name, known); });
}

/// Whether a request says that trailers are wanted: `TE: trailers`.
inline bool wants_trailers(std::span<const field> of_request) noexcept {
  for (const field& f : of_request) {
    if (!same_name(f.name, "te")) continue;
    for (auto rest = f.value; !rest.empty();)
      if (same_name(next_element(rest), "trailers")) return true;
  }
  return false;
}

}}  // namespace csgi::v1
