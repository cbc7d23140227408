// csgi/serving/characters.hpp - the classes of bytes that HTTP's grammar is made of.
#pragma once
#include <array>
#include <csgi/field_syntax.hpp>

namespace csgi { inline namespace v1 {

enum class character : unsigned char {
  token = 1,      ///< of methods and field names (RFC 9110, 5.6.2)
  text = 2,       ///< of field values and reason phrases: no control characters but HTAB (RFC 9110, 5.5)
  target = 4,     ///< of a path or query, "%" among them; see below
  host = 8,       ///< of a registered name (RFC 3986, 3.2.2), but no "," nor "%"
  digit = 16,
  hex = 32,
  path = 64,      ///< of a target, those that stand for themselves in its path: no "?" nor "%"
};

// In targets "|", "^", "`", "[" and "]" pass, although RFC 3986 wants them encoded: browsers send them as they are
// in paths and queries, and nothing takes them for a delimiter. The rest of what it leaves out is refused.
constexpr auto character_classes = [] {
  std::array<unsigned char, 256> classes{};
  const auto add = [&classes](character c, std::string_view bytes) {
    for (const char byte : bytes) classes[static_cast<unsigned char>(byte)] |= static_cast<unsigned char>(c);
  };
  constexpr std::string_view digits = "0123456789";
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  for (const character c : {character::target, character::path, character::host}) {
    add(c, digits);
    add(c, letters);
  }
  add(character::target, "-._~!$&'()*+,;=:@/?%|^`[]");
  add(character::path, "-._~!$&'()*+,;=:@/|^`[]");
  add(character::host, "-._~!$&'()*+;=");
  add(character::digit, digits);
  add(character::hex, digits);
  add(character::hex, "abcdefABCDEF");
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (in_token(static_cast<char>(byte))) classes[byte] |= static_cast<unsigned char>(character::token);
    if (in_field_text(static_cast<char>(byte))) classes[byte] |= static_cast<unsigned char>(character::text);
  }
  return classes;
}();

constexpr bool is(character c, char byte) noexcept {
  return (character_classes[static_cast<unsigned char>(byte)] & static_cast<unsigned char>(c)) != 0;
}

/// How many of them the text begins with.
constexpr std::size_t run_of(character c, std::string_view text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && is(c, text[size])) ++size;
  return size;
}

/// True of an empty text too.
constexpr bool all_are(character c, std::string_view text) noexcept { return run_of(c, text) == text.size(); }

constexpr int hex_value(char byte) noexcept {
  return byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10;
}

/// Whether the text begins with a percent-encoded byte (RFC 3986, 2.1).
constexpr bool begins_encoded(std::string_view text) noexcept {
  return text.size() >= 3 && text[0] == '%' && is(character::hex, text[1]) && is(character::hex, text[2]);
}

/// Whether each "%" begins one.
constexpr bool well_encoded(std::string_view text) noexcept {
  for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 3))
    if (!begins_encoded(text.substr(at))) return false;
  return true;
}

}}  // namespace csgi::v1
