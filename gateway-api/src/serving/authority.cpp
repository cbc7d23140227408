#include <algorithm>
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

bool valid_ipv6(std::string_view text) noexcept {
  int groups = 0;
  bool elided = text.starts_with("::");
  if (elided) text.remove_prefix(2);
  while (!text.empty()) {
    const std::size_t size = run_of(character::hex, text);
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
    const unsigned units = static_cast<unsigned char>(digit) - unsigned{'0'};
    if (units > 9) return false;
    value = value * 10 + units;
    if (value > 65535) return false;
  }
  return true;
}

/// Where the host ends: behind the brackets of an IP literal, at the first colon of anything else.
std::size_t host_size(std::string_view text) noexcept {
  if (text.starts_with('[')) return std::min(text.find(']'), text.size() - 1) + 1;
  return std::min(text.find(':'), text.size());
}

bool valid_port_part(std::string_view text) noexcept { return text.empty() || (text[0] == ':' && valid_port(text.substr(1))); }

bool valid_ip_literal(std::string_view text) noexcept {
  return text.size() > 2 && text.ends_with(']') && valid_ipv6(text.substr(1, text.size() - 2));
}

/// Apart, as names and IPv4 addresses take far less.
[[gnu::noinline]] bool valid_ip_literal_and_port(std::string_view text) noexcept {
  const std::size_t size = host_size(text);
  return valid_ip_literal(text.substr(0, size)) && valid_port_part(text.substr(size));
}

}  // namespace

bool valid_authority(std::string_view text) noexcept {
  if (text.starts_with('[')) return valid_ip_literal_and_port(text);
  std::size_t size = run_of(character::host, text);     // of the name, which a colon ends, as none can be in it
  while (begins_encoded({text.data() + size, text.size() - size})) size += 3 + run_of(character::host, text.substr(size + 3));
  return size > 0 && valid_port_part({text.data() + size, text.size() - size});
}

bool has_port(std::string_view text) noexcept { return host_size(text) < text.size(); }

}}  // namespace csgi::v1
