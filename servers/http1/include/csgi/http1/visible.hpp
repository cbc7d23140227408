// csgi/http1/visible.hpp - log lines are lines: what a client or an app says cannot forge one.
#pragma once
#include <string>
#include <string_view>

namespace csgi::http1 {

/// Appends `text` with its control characters as \xNN.
inline void append_visibly(std::string& line, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      line += c;
    } else {
      line.append("\\x");
      line += digits[byte >> 4];
      line += digits[byte & 15];
    }
  }
}

}  // namespace csgi::http1
