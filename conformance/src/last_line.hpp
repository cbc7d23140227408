// last_line.hpp - the last words of a program.
#pragma once
#include <string_view>

namespace csgi::conformance {

/// The last that is not empty at its end. Lifetime: part of `text`.
inline std::string_view last_line(std::string_view text) noexcept {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace csgi::conformance
