// Field values that are comma lists (RFC 9110, 5.6.1).
#pragma once
#include <csgi/field.hpp>
#include <csgi/serving/characters.hpp>

namespace csgi { inline namespace v1 {

/// Takes the next element off a comma list of what has no quoted strings; empty ones are given too.
inline std::string_view next_element(std::string_view& list) noexcept {
  const auto comma = std::min(list.find(','), list.size());
  const auto element = trimmed(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return element;
}

/// Whether such a list has this element, regardless of ASCII case.
inline bool list_has(std::string_view list, std::string_view wanted) noexcept {
  while (!list.empty())
    if (same_name(next_element(list), wanted)) return true;
  return false;
}

}}  // namespace csgi::v1
