// head_bytes.cpp - see csgi/serving/head_bytes.hpp.
#include <csgi/serving/characters.hpp>
#include <csgi/serving/head_bytes.hpp>

namespace csgi { inline namespace v1 {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view some_version = " HTTP/1.1";

/// The line without its end. Beyond these two spaces the library may be as lenient as it likes: see received_request.
int vet_request_line(std::span<char> line) noexcept {
  const std::string_view text(line.data(), line.size());
  if (std::count(text.begin(), text.end(), ' ') != 2 || text.front() == ' ') return 400;
  const auto version = text.substr(text.rfind(' '));
  if (version.size() != some_version.size() || !version.starts_with(" HTTP/")) return 400;
  if (!is(character::digit, version[6]) || version[7] != '.' || !is(character::digit, version[8])) return 400;
  if (version[6] != '1') return 505;
  line.back() = std::min(line.back(), '1');
  return 0;
}

/// A name and a colon; a folded line begins with white space, which is in no name.
bool is_field_line(std::string_view line) noexcept {
  const auto colon = line.find(':');
  return colon != line.npos && is_token(line.substr(0, colon));
}

/// Of all lines that have come whole; 0: they may be so.
int vet_lines(std::span<char> head) noexcept {
  const std::string_view text(head.data(), head.size());
  std::size_t begin = 0;
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', begin)) {
    if (at == begin || text[at - 1] != '\r') return 400;
    const auto line = text.substr(begin, at - 1 - begin);
    if (begin == 0) {
      if (const int refused = vet_request_line(head.first(line.size()))) return refused;
    } else if (!line.empty() && !is_field_line(line)) {
      return 400;
    }
    begin = at + 1;
  }
  return 0;
}

}  // namespace

head_bytes look_at_head(std::span<char> received, const server_limits& limits) noexcept {
  head_bytes found;
  const std::string_view all(received.data(), received.size());
  if (all.starts_with(line_end)) found.begin = line_end.size();
  const auto bytes = all.substr(found.begin);
  const auto line_size = std::min(bytes.find_first_of(line_end), bytes.size());
  const auto end = bytes.find("\r\n\r\n");
  const auto size = end == bytes.npos ? bytes.size() : end + 2 * line_end.size();
  if (line_size > limits.request_line) found.status = 414;
  else found.status = vet_lines(received.subspan(found.begin, std::min(size, limits.request_head)));
  if (!found.status && size > limits.request_head) found.status = 431;
  if (found.status) {
    found.now = head_bytes::state::refused;
  } else if (end != bytes.npos) {
    found.now = head_bytes::state::complete;
    found.end = found.begin + size;
  }
  return found;
}

}}  // namespace csgi::v1
