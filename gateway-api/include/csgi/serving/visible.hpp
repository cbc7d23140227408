// csgi/serving/visible.hpp - log lines are lines: what a client or an app says cannot forge one.
#pragma once
#include <csgi/request.hpp>
#include <string>

namespace csgi { inline namespace v1 {

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

/// "shop: what the app says"
inline std::string log_line(std::string_view app_name, std::string_view text) {
  std::string line;
  append_visibly(line, app_name);
  line += ": ";
  append_visibly(line, text);
  return line;
}

/// "shop: GET /basket: what the app says of this request"
inline std::string log_line(std::string_view app_name, const request& head, std::string_view text) {
  std::string line;
  append_visibly(line, app_name);
  line += ": ";
  append_visibly(line, head.method);
  line += ' ';
  append_visibly(line, head.target);
  line += ": ";
  append_visibly(line, text);
  return line;
}

}}  // namespace csgi::v1
