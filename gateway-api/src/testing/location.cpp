// location.cpp - see location.hpp.
#include "location.hpp"
#include <stdexcept>

namespace csgi::testing {

namespace {

/// RFC 3986, 5.2.4.
std::string without_dots(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const auto end = path.find('/', 1);
    const auto segment = path.substr(0, end);
    path.remove_prefix(segment.size());
    if (segment == "/..") result.erase(result.empty() ? 0 : result.rfind('/'));
    else if (segment != "/.") result += segment;
    if (path.empty() && (segment == "/.." || segment == "/.")) result += '/';
  }
  return result.empty() ? "/" : result;
}

}  // namespace

place resolve(const place& from, std::string_view location) {
  location = location.substr(0, location.find('#'));
  place to = from;
  const auto colon = location.find(':');
  const bool absolute = colon != std::string_view::npos && location.find_first_of("/?") > colon;
  if (absolute) {
    to.scheme = location.substr(0, colon);
    if (to.scheme != "http" && to.scheme != "https") throw std::runtime_error("a redirect to " + std::string(location));
    location.remove_prefix(colon + 1);
  }
  if (location.starts_with("//")) {
    location.remove_prefix(2);
    to.authority = location.substr(0, location.find_first_of("/?"));
    location.remove_prefix(to.authority.size());
    if (!location.starts_with('/')) {
      to.target = "/" + std::string(location);
      return to;
    }
  }
  if (location.empty()) return to;
  const std::string_view base = std::string_view(from.target).substr(0, from.target.find('?'));
  const auto mark = location.find('?');
  const auto path = location.substr(0, mark);
  const auto query = mark == std::string_view::npos ? std::string_view() : location.substr(mark);
  if (path.empty()) to.target = base;
  else if (path.starts_with('/')) to.target = without_dots(path);
  else to.target = without_dots(std::string(base.substr(0, base.rfind('/') + 1)) + std::string(path));
  to.target += query;
  return to;
}

}  // namespace csgi::testing
