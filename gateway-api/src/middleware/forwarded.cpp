// forwarded.cpp - see forwarded.hpp.
#include "forwarded.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <csgi/field_syntax.hpp>

namespace csgi { inline namespace v1 {
namespace {

/// What is before `separator` outside of quotes, which it takes away with it.
std::string_view next_of(std::string_view& rest, char separator) noexcept {
  std::size_t end = 0;
  for (bool quoted = false; end < rest.size() && (quoted || rest[end] != separator); ++end) quoted ^= rest[end] == '"';
  const auto part = trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

bool read_port(std::string_view text, std::uint16_t& port) noexcept {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  return !text.empty() && read.ec == std::errc{} && read.ptr == text.data() + text.size();
}

/// A name that a proxy made up to hide an address or a port (RFC 7239, 6.3).
bool is_obfuscated(std::string_view text) noexcept {
  return text.size() > 1 && text[0] == '_' && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '.' || c == '_' || c == '-';
  });
}

bool is_port(std::string_view text, std::uint16_t& port) noexcept { return is_obfuscated(text) || read_port(text, port); }

/// "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]", "[2001:db8::1]:80", "unknown", "_hidden:80", and "2001:db8::1", as
/// X-Forwarded-For has it.
bool read_client(std::string_view text, hop& to) noexcept {
  to.has_client = true;
  if (address_bytes(text)) {
    to.client = {endpoint::kind::ip, 0, text};
    return true;
  }
  const bool bracketed = text.starts_with('[');
  const auto end = bracketed ? std::min(text.find(']'), text.size() - 1) + 1 : std::min(text.find(':'), text.size());
  const auto port = text.substr(end);
  std::uint16_t number = 0;
  if (!port.empty() && (port[0] != ':' || !is_port(port.substr(1), number))) return false;
  auto name = text.substr(0, end);
  if (same_name(name, "unknown") || is_obfuscated(name)) return true;
  if (bracketed) name = name.size() > 1 && name.ends_with(']') ? name.substr(1, name.size() - 2) : std::string_view();
  to.client = {endpoint::kind::ip, number, name};
  return address_bytes(name) && (name.find(':') != name.npos) == bracketed;
}

bool read_scheme(std::string_view text, hop& to) noexcept {
  for (const char* known : {"http", "https"})
    if (same_name(text, known)) to.scheme = known;
  return !to.scheme.empty();
}

bool read_authority(std::string_view text, hop& to) noexcept {
  to.authority = text;
  return !text.empty() && text.size() <= 300 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || std::string_view("-._~:[]%").find(c) != std::string_view::npos;
  });
}

/// `take` takes the next element off a list.
template <class Take>
std::vector<std::string_view> elements(const request& head, std::string_view name, Take take) {
  std::vector<std::string_view> all;
  for (const field& f : head.fields) {
    if (!same_name(f.name, name)) continue;
    for (std::string_view rest = f.value; !rest.empty();)
      if (const auto element = take(rest); !element.empty()) all.push_back(element);
  }
  return all;
}

/// There are no quotes in X-Forwarded-*: one that a client leaves open would swallow what its proxy adds.
std::vector<std::string_view> plain_elements(const request& head, std::string_view name) {
  return elements(head, name, [](std::string_view& rest) { return next_element(rest); });
}

/// "for=192.0.2.1;proto=https;host=example.com", quoted or not. Backslashes never make sense in there.
bool read_pairs(std::string_view element, hop& to) noexcept {
  while (!element.empty()) {
    auto value = next_of(element, ';');
    if (value.empty()) continue;
    const auto equals = value.find('=');
    if (equals == value.npos) return false;
    const auto name = value.substr(0, equals);
    if (!is_token(name)) return false;      // a quote, say, that hid a separator
    value.remove_prefix(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (value.find_first_of("\"\\") != value.npos) return false;
    if (same_name(name, "for") && (to.has_client || !read_client(value, to))) return false;
    if (same_name(name, "proto") && (!to.scheme.empty() || !read_scheme(value, to))) return false;
    if (same_name(name, "host") && (!to.authority.empty() || !read_authority(value, to))) return false;
  }
  return true;
}

/// The element that belongs to hop `i`, if there is one for each, else the last.
std::string_view belonging(const std::vector<std::string_view>& list, std::size_t i, std::size_t hops) noexcept {
  if (list.empty()) return {};
  return list.size() == hops ? list[i] : list.back();
}

}  // namespace

std::optional<std::array<unsigned char, 16>> address_bytes(std::string_view address) noexcept {
  char text[INET6_ADDRSTRLEN + 1] = {};
  std::array<unsigned char, 16> bytes{};
  if (address.size() >= sizeof text || address.find('\0') != address.npos) return std::nullopt;
  std::copy(address.begin(), address.end(), text);
  if (::inet_pton(AF_INET6, text, bytes.data()) == 1) return bytes;
  bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0};
  if (::inet_pton(AF_INET, text, bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

std::vector<hop> read_hops(const request& head, proxy_fields fields) {
  std::vector<hop> hops;
  if (fields == proxy_fields::forwarded) {
    for (const auto element : elements(head, "forwarded", [](std::string_view& rest) { return next_of(rest, ','); })) {
      hop& to = hops.emplace_back();
      to.malformed = !read_pairs(element, to);
    }
    return hops;
  }
  const auto clients = plain_elements(head, "x-forwarded-for");
  const auto schemes = plain_elements(head, "x-forwarded-proto");
  const auto hosts = plain_elements(head, "x-forwarded-host");
  hops.resize(std::max<std::size_t>(clients.size(), schemes.empty() && hosts.empty() ? 0 : 1));
  for (std::size_t i = 0; i < hops.size(); ++i) {
    const auto scheme = belonging(schemes, i, hops.size());
    const auto host = belonging(hosts, i, hops.size());
    hops[i].malformed = (i < clients.size() && !read_client(clients[i], hops[i])) || (!scheme.empty() && !read_scheme(scheme, hops[i])) ||
                        (!host.empty() && !read_authority(host, hops[i]));
  }
  return hops;
}

}}  // namespace csgi::v1
