// csgi/serving/visible.hpp - log lines are lines: what a client or an app says cannot forge one.
#pragma once
#include <algorithm>
#include <csgi/request.hpp>
#include <csgi/utf8.hpp>
#include <string>

namespace csgi { inline namespace v1 {

struct log_character {
  std::size_t size;       ///< bytes; one that is no UTF-8 is alone
  bool is_control;
};

/// The first one of a text that is not empty. Also a control character, for a terminal: U+0080 to U+009F, and their single bytes where
/// they are no part of UTF-8.
inline log_character first_character(std::string_view text) noexcept {
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x80) return {1, byte(0) < 0x20 || byte(0) == 0x7f};
  for (std::size_t size = 2; size <= std::min<std::size_t>(4, text.size()); ++size)
    if (is_utf8(text.substr(0, size))) return {size, byte(0) == 0xc2 && byte(1) < 0xa0};
  return {1, byte(0) < 0xa0};
}

/// Appends `text` with the bytes of its control characters as \xNN.
inline void append_visibly(std::string& line, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  while (!text.empty()) {
    const auto [size, is_control] = first_character(text);
    if (!is_control) line.append(text.substr(0, size));
    for (const char c : text.substr(0, is_control ? size : 0)) {
      const auto byte = static_cast<unsigned char>(c);
      line.append("\\x");
      line += digits[byte >> 4];
      line += digits[byte & 15];
    }
    text.remove_prefix(size);
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
