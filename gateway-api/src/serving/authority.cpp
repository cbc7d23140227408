#include <csgi/serving/authority.hpp>
#include <csgi/serving/characters.hpp>
#include <cstddef>

namespace csgi { inline namespace v1 {
namespace {

bool valid_ipv4(std::string_view text) noexcept {
  for (int part = 0; part < 4; ++part) {
    std::size_t size = 0;
    int value = 0;
    for (; size < text.size() && size < 4 && is(character::digit, text[size]); ++size)
      value = value * 10 + (text[size] - '0');
    if (size == 0 || value > 255 || (size > 1 && text[0] == '0')) return false;
    text.remove_prefix(size);
    if (part == 3) return text.empty();
    if (text.empty() || text[0] != '.') return false;
    text.remove_prefix(1);
  }
  return false;
}

std::size_t hex_run(std::string_view text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && is(character::hex, text[size])) ++size;
  return size;
}

bool valid_ipv6(std::string_view text) noexcept {
  int groups = 0;
  bool elided = text.starts_with("::");
  if (elided) text.remove_prefix(2);
  while (!text.empty()) {
    const std::size_t size = hex_run(text);
    if (size < text.size() && text[size] == '.') {
      if (!valid_ipv4(text)) return false;
      groups += 2;
      break;
    }
    if (size == 0 || size > 4) return false;
    ++groups;
    text.remove_prefix(size);
    if (text.empty()) break;
    if (text.starts_with("::")) {
      if (elided) return false;
      elided = true;
      text.remove_prefix(2);
    } else if (text.size() > 1 && text[0] == ':') {
      text.remove_prefix(1);
    } else {
      return false;
    }
  }
  return elided ? groups < 8 : groups == 8;
}

bool valid_port(std::string_view text) noexcept {
  unsigned value = 0;
  for (const char digit : text) {
    if (!is(character::digit, digit)) return false;
    value = value * 10 + static_cast<unsigned>(digit - '0');
    if (value > 65535) return false;
  }
  return true;
}

/// Where the host ends: behind the brackets of an IP literal, at the first colon of anything else.
std::size_t host_size(std::string_view text) noexcept {
  if (text.starts_with('[')) return std::min(text.find(']'), text.size() - 1) + 1;
  return std::min(text.find(':'), text.size());
}

bool valid_host(std::string_view text) noexcept {
  if (text.starts_with('['))
    return text.size() > 2 && text.ends_with(']') && valid_ipv6(text.substr(1, text.size() - 2));
  return !text.empty() && all_are(character::host, text) && well_encoded(text);
}

}  // namespace

bool valid_authority(std::string_view text) noexcept {
  const std::size_t size = host_size(text);
  if (!valid_host(text.substr(0, size))) return false;
  const std::string_view rest = text.substr(size);
  return rest.empty() || (rest[0] == ':' && valid_port(rest.substr(1)));
}

bool has_port(std::string_view text) noexcept { return host_size(text) < text.size(); }

}}  // namespace csgi::v1
