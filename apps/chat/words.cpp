#include "words.hpp"
#include <algorithm>
#include <csgi/utf8.hpp>
#include <stdexcept>

namespace chatting {
namespace {

bool begins_character(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

/// Of UTF-8.
std::size_t characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

/// U+0000 to U+001F, U+007F to U+009F.
bool has_control(std::string_view text, std::string_view allowed) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) {
      if (allowed.find(text[i]) == std::string_view::npos) return true;
    } else if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      return true;
    }
  }
  return false;
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blank = " \t\r\n";
  const auto begin = std::min(text.find_first_not_of(blank), text.size());
  return text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
}

}  // namespace

bool is_room_name(std::string_view name) noexcept {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= 32 && std::ranges::all_of(name, fits);
}

std::string checked_name(std::string_view name) {
  const auto shown = trimmed(name);
  if (!csgi::is_utf8(shown) || has_control(shown, {}) || shown.empty() || characters(shown) > longest_name)
    throw std::invalid_argument("A name has 1 to " + std::to_string(longest_name) + " characters, and no control characters.");
  return std::string(shown);
}

std::string checked_text(std::string_view text) {
  const auto shown = trimmed(text);
  if (shown.empty()) throw std::invalid_argument("There is nothing in that message.");
  if (!csgi::is_utf8(shown) || has_control(shown, "\t\n\r")) throw std::invalid_argument("A message has no control characters.");
  if (characters(shown) > longest_text)
    throw std::invalid_argument("A message has at most " + std::to_string(longest_text) + " characters; this one has " +
                                std::to_string(characters(shown)) + '.');
  return std::string(shown);
}

}  // namespace chatting
