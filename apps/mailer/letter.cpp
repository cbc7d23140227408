#include "letter.hpp"
#include <algorithm>
#include <csgi/forms.hpp>
#include <csgi/json.hpp>

namespace {

using csgi::http_error;

constexpr std::string_view to_line = "To: ", subject_line = "\nSubject: ", body_begin = "\n\n";

[[noreturn]] void refuse(const std::string& why) { throw http_error(422, why + '\n'); }

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

/// How many bytes a character of UTF-8 has that begins with `lead`, and the least that the second may be; RFC 3629, 4.
struct utf8_shape {
  std::size_t size = 0;
  unsigned char least = 0x80, most = 0xBF;

  explicit utf8_shape(unsigned char lead) noexcept {
    if (lead < 0x80) size = 1;
    else if (lead >= 0xC2 && lead < 0xE0) size = 2;
    else if (lead >= 0xE0 && lead < 0xF0) size = 3;
    else if (lead >= 0xF0 && lead < 0xF5) size = 4;
    if (lead == 0xE0) least = 0xA0;       // else it would be written too long
    if (lead == 0xED) most = 0x9F;        // surrogates
    if (lead == 0xF0) least = 0x90;
    if (lead == 0xF4) most = 0x8F;        // beyond U+10FFFF
  }
};

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const utf8_shape shape(static_cast<unsigned char>(text.front()));
    if (shape.size == 0 || shape.size > text.size()) return false;
    for (std::size_t i = 1; i < shape.size; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (i == 1 ? byte < shape.least || byte > shape.most : (byte & 0xC0) != 0x80) return false;
    }
    text.remove_prefix(shape.size);
  }
  return true;
}

bool is_in_address(char c) noexcept {
  return c > 0x20 && c < 0x7F && std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos;
}

bool is_address(std::string_view text) noexcept {
  const auto at = text.find('@');
  return at != 0 && at + 1 < text.size() && std::ranges::count(text, '@') == 1 && std::ranges::all_of(text, is_in_address);
}

void check(const letter& l) {
  if (l.to.size() > 254 || !is_address(l.to)) refuse("\"to\" is to be one address of at most 254 bytes: name@host.");
  if (l.subject.empty() || l.subject.size() > 200) refuse("\"subject\" is to have 1 to 200 bytes.");
  if (std::ranges::any_of(l.subject, is_control)) refuse("\"subject\" is to be one line.");
  if (l.body.size() > 64 * 1024) refuse("\"body\" is to have at most 65536 bytes.");
  if (l.body.find('\0') != std::string::npos) refuse("\"body\" is to be text.");
  if (!is_utf8(l.subject) || !is_utf8(l.body)) refuse("A letter is to be UTF-8.");
}

std::string member(const csgi::parameters& form, const std::string& name) {
  const auto values = form.all(name);
  if (values.size() != 1) refuse('"' + name + "\" is to be given once.");
  return std::string(values.front());
}

std::string member(const boost::json::object& object, const std::string& name) {
  const auto* const value = object.if_contains(name);
  if (!value || !value->is_string()) refuse('"' + name + "\" is to be a string.");
  return std::string(std::string_view(value->get_string()));
}

letter letter_of(const auto& given) {
  letter l{member(given, "to"), member(given, "subject"), member(given, "body")};
  check(l);
  return l;
}

}  // namespace

letter read_letter(const csgi::request& head, std::string_view body) {
  if (csgi::has_media_type(head, "application/x-www-form-urlencoded")) return letter_of(csgi::parameters(body));
  if (!csgi::has_media_type(head, "application/json"))
    throw http_error(415, "Send a letter as an urlencoded form, or as JSON.\n");
  const auto value = csgi::parse_json(body);
  if (!value.is_object()) refuse("A letter is to be a JSON object.");
  return letter_of(value.get_object());
}

std::string to_text(const letter& l) {
  return std::string(to_line).append(l.to).append(subject_line).append(l.subject).append(body_begin).append(l.body);
}

letter letter_from_text(std::string_view text) {
  const auto take = [&](std::string_view before, std::string_view end) {
    const auto size = text.find(end);
    if (!text.starts_with(before) || size == std::string_view::npos || size < before.size())
      throw std::runtime_error("this is no letter");
    const auto value = text.substr(before.size(), size - before.size());
    text.remove_prefix(size);
    return std::string(value);
  };
  letter l;
  l.to = take(to_line, subject_line);
  l.subject = take(subject_line, body_begin);
  l.body = text.substr(body_begin.size());
  return l;
}
