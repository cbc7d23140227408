// request_target.cpp - see csgi/serving/request_target.hpp.
#include <algorithm>
#include <csgi/field.hpp>
#include <csgi/serving/authority.hpp>
#include <csgi/serving/characters.hpp>
#include <csgi/serving/request_target.hpp>

namespace csgi { inline namespace v1 {
namespace {

/// Path and query, which go on to the target's end.
rejection read_path(std::string_view text, request_target& found) noexcept {
  const std::size_t path_size = std::min(text.find('?'), text.size());
  found.path = text.substr(0, path_size);
  found.has_query = path_size < text.size();
  if (found.has_query) found.query = text.substr(path_size + 1);
  found.encoded = found.path.find('%') != text.npos;
  if (found.encoded && !well_encoded(found.path)) return {400, "malformed percent-encoding in the path"};
  return {};
}

/// `scheme "://" authority path-abempty [ "?" query ]`
rejection read_absolute_form(std::string_view target, request_target& found) noexcept {
  const std::size_t colon = target.find(':');
  if (colon == target.npos || target.substr(colon, 3) != "://") return {400, "malformed request target"};
  const std::string_view scheme = target.substr(0, colon);
  if (!same_name(scheme, "http") && !same_name(scheme, "https")) return {400, "unknown scheme in the request target"};
  target.remove_prefix(colon + 3);
  found.authority = target.substr(0, target.find_first_of("/?"));
  if (!valid_authority(found.authority)) return {400, "invalid authority in the request target"};
  return read_path(target.substr(found.authority.size()), found);
}

/// Apart, as few targets need it, and reading the others is a handful of instructions.
[[gnu::noinline]] rejection read_form(std::string_view method, std::string_view target, request_target& found) noexcept {
  if (target.empty() || !all_are(character::target, target)) return {400, "forbidden character in the request target"};
  if (method == "CONNECT") {
    if (!valid_authority(target) || !has_port(target)) return {400, "malformed CONNECT target"};
    return {501, "CONNECT"};
  }
  if (target[0] == '/') return read_path(target, found);
  if (target == "*") {
    found.path = target;
    if (method != "OPTIONS") return {400, "asterisk-form target"};
    return {};
  }
  return read_absolute_form(target, found);
}

}  // namespace

rejection request_target::read(std::string_view method, std::string_view target) noexcept {
  *this = {};
  if (!target.starts_with('/') || method == "CONNECT" || !all_are(character::path, target)) return read_form(method, target, *this);
  path = target;      // as it is of most: no query, nothing encoded
  return {};
}

void append_decoded(std::string& out, std::string_view text) {
  for (auto at = text.find('%'); at != text.npos; at = text.find('%')) {
    out.append(text.substr(0, at));
    out.push_back(static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2])));
    text.remove_prefix(at + 3);
  }
  out.append(text);
}

}}  // namespace csgi::v1
