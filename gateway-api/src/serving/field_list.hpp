// Field values that are comma lists (RFC 9110, 5.6.1).
#pragma once
#include <csgi/field.hpp>
#include <csgi/serving/characters.hpp>

namespace csgi { inline namespace v1 {

/// Whether such a list has this element, regardless of ASCII case.
inline bool list_has(std::string_view list, std::string_view wanted) noexcept {
  while (!list.empty())
    if (same_name(next_element(list), wanted)) return true;
  return false;
}

}}  // namespace csgi::v1
