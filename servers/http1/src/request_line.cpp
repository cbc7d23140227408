#include "request_line.hpp"
#include <csgi/serving/characters.hpp>
#include <csgi/serving/request_target.hpp>

namespace csgi::http1 {
namespace {

/// Where `part` is in `head`; nothing of it is at its beginning.
piece place_of(std::string_view part, std::string_view head) noexcept {
  if (!part.data()) return {};
  const auto begin = static_cast<std::uint32_t>(part.data() - head.data());
  return {begin, begin + static_cast<std::uint32_t>(part.size())};
}

rejection read_version(std::string_view text, http_version& version) noexcept {
  const bool well_formed = text.size() == 8 && text.starts_with("HTTP/") && is(character::digit, text[5]) &&
                           text[6] == '.' && is(character::digit, text[7]);
  if (!well_formed) return {400, "malformed HTTP version"};
  if (text[5] != '1') return {505, "HTTP version other than 1.x"};
  version = text[7] == '0' ? http_version::http_1_0 : http_version::http_1_1;
  return {};
}

rejection read_parts(std::string_view head, std::string_view text, request_line& line) noexcept {
  const std::size_t method_end = text.find(' ');
  if (method_end == text.npos) return {400, "malformed request line"};
  const std::string_view method = text.substr(0, method_end);
  const std::size_t target_at = method_end + 1;
  const std::size_t target_end = text.find(' ', target_at);
  if (target_end == text.npos) return {400, "request line without HTTP version"};
  const std::string_view target = text.substr(target_at, target_end - target_at);
  if (!is_token(method) || target.empty()) return {400, "malformed request line"};

  line.method = place_of(method, head);
  line.target = place_of(target, head);
  if (const rejection why = read_version(text.substr(target_end + 1), line.version)) return why;
  const request_target found = read_target(method, target);
  line.path = place_of(found.path, head);
  line.query = place_of(found.query, head);
  line.authority = place_of(found.authority, head);
  line.has_query = found.has_query;
  line.origin_form = found.origin_form;
  line.encoded = found.encoded;
  return found.why;
}

}  // namespace

request_line read_request_line(std::string_view head, std::uint32_t begin) noexcept {
  request_line line;
  std::string_view text = head.substr(begin);
  if (!text.ends_with("\r\n")) {
    line.why = {400, "bare LF"};
    return line;
  }
  text.remove_suffix(2);
  line.why = read_parts(head, text, line);
  return line;
}

}  // namespace csgi::http1
