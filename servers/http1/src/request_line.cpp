#include "request_line.hpp"
#include "authority.hpp"
#include "characters.hpp"

namespace csgi::http1 {
namespace {

piece shifted(std::size_t begin, std::size_t size) noexcept {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + size)};
}

rejection read_version(std::string_view text, http_version& version) noexcept {
  const bool well_formed = text.size() == 8 && text.starts_with("HTTP/") && is(character::digit, text[5]) &&
                           text[6] == '.' && is(character::digit, text[7]);
  if (!well_formed) return {400, "malformed HTTP version"};
  if (text[5] != '1') return {505, "HTTP version other than 1.x"};
  version = text[7] == '0' ? http_version::http_1_0 : http_version::http_1_1;
  return {};
}

/// Path and query, which begin at `begin` and go on to the target's end.
rejection read_path(std::string_view text, std::size_t begin, request_line& line) noexcept {
  const std::size_t path_size = std::min(text.find('?'), text.size());
  const std::string_view path = text.substr(0, path_size);
  line.path = shifted(begin, path_size);
  line.has_query = path_size < text.size();
  if (line.has_query) line.query = shifted(begin + path_size + 1, text.size() - path_size - 1);
  line.encoded = path.find('%') != path.npos;
  if (line.encoded && !well_encoded(path)) return {400, "malformed percent-encoding in the path"};
  return {};
}

/// `scheme "://" authority path-abempty [ "?" query ]`
rejection read_absolute_form(std::string_view target, std::size_t begin, request_line& line) noexcept {
  const std::size_t colon = target.find(':');
  if (colon == target.npos || target.substr(colon, 3) != "://") return {400, "malformed request target"};
  const std::string_view scheme = target.substr(0, colon);
  if (!same_name(scheme, "http") && !same_name(scheme, "https")) return {400, "unknown scheme in the request target"};
  const std::size_t authority_at = colon + 3;
  const std::size_t authority_end = std::min(target.find_first_of("/?", authority_at), target.size());
  const std::string_view authority = target.substr(authority_at, authority_end - authority_at);
  if (!valid_authority(authority)) return {400, "invalid authority in the request target"};
  line.authority = shifted(begin + authority_at, authority.size());
  return read_path(target.substr(authority_end), begin + authority_end, line);
}

/// The four forms of RFC 9112, 3.2.
rejection read_target(std::string_view method, std::string_view target, request_line& line) noexcept {
  const std::size_t begin = line.target.begin;
  if (method == "CONNECT") {
    if (!valid_authority(target) || !has_port(target)) return {400, "malformed CONNECT target"};
    return {501, "CONNECT"};
  }
  if (target[0] == '/') {
    line.origin_form = true;
    return read_path(target, begin, line);
  }
  if (target == "*") {
    line.path = line.target;
    if (method != "OPTIONS") return {400, "asterisk-form target"};
    return {};
  }
  return read_absolute_form(target, begin, line);
}

rejection read_parts(std::string_view text, std::size_t begin, request_line& line) noexcept {
  const std::size_t method_end = text.find(' ');
  if (method_end == text.npos) return {400, "malformed request line"};
  const std::string_view method = text.substr(0, method_end);
  const std::size_t target_at = method_end + 1;
  const std::size_t target_end = text.find(' ', target_at);
  if (target_end == text.npos) return {400, "request line without HTTP version"};
  const std::string_view target = text.substr(target_at, target_end - target_at);
  if (!is_token(method) || target.empty()) return {400, "malformed request line"};
  if (!all_are(character::target, target)) return {400, "forbidden character in the request target"};

  line.method = shifted(begin, method.size());
  line.target = shifted(begin + target_at, target.size());
  if (const rejection why = read_version(text.substr(target_end + 1), line.version)) return why;
  return read_target(method, target, line);
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
  line.why = read_parts(text, begin, line);
  return line;
}

}  // namespace csgi::http1
