// cookie_jar.cpp - see csgi/testing/cookie_jar.hpp. RFC 6265, chapter 5.
#include <algorithm>
#include <array>
#include <charconv>
#include <csgi/field_syntax.hpp>
#include <csgi/testing/cookie_jar.hpp>

namespace csgi::testing {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return result;
}

/// Without its port.
std::string host_of(std::string_view authority) {
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) authority = authority.substr(0, colon);
  return lower(authority);
}

std::string default_path(std::string_view path) {
  const auto slash = path.rfind('/');
  if (!path.starts_with('/') || slash == 0) return "/";
  return std::string(path.substr(0, slash));
}

bool below(std::string_view host, std::string_view domain) {
  if (host == domain) return true;
  return host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.';
}

bool path_matches(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  return path.size() == prefix.size() || prefix.ends_with('/') || path[prefix.size()] == '/';
}

/// The year in "Thu, 01 Jan 1970 00:00:00 GMT" or "Thu, 01-Jan-1970 …"; enough to tell a date that deletes.
std::optional<int> year_of(std::string_view date) {
  for (std::size_t i = 0; i + 4 <= date.size(); ++i) {
    int year = 0;
    const auto [end, error] = std::from_chars(date.data() + i, date.data() + i + 4, year);
    if (error == std::errc{} && end == date.data() + i + 4) return year;
  }
  return std::nullopt;
}

bool is_past(std::string_view date) {
  const auto year = year_of(date);
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
  return year && *year < static_cast<int>(today.year());
}

}  // namespace

void cookie_jar::take(const response& r, std::string_view authority, std::string_view path) {
  for (const auto& f : r.fields)
    if (same_name(f.name, "set-cookie")) take_one(f.value, host_of(authority), path);
}

void cookie_jar::take_one(std::string_view line, const std::string& host, std::string_view path) {
  kept_cookie one{.name = {}, .value = {}, .domain = host, .path = default_path(path.substr(0, path.find('?')))};
  std::optional<bool> expired;            // Max-Age counts before Expires
  bool by_age = false;
  for (bool first = true; first || !line.empty(); first = false) {
    const auto end = line.find(';');
    const auto part = line.substr(0, end);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    const auto equals = part.find('=');
    const auto name = trimmed(part.substr(0, equals));
    const auto value = equals == std::string_view::npos ? std::string_view() : trimmed(part.substr(equals + 1));
    if (first) {
      if (equals == std::string_view::npos || name.empty()) return;
      one.name = name;
      one.value = value;
    } else if (same_name(name, "domain")) {
      const auto domain = lower(value.starts_with('.') ? value.substr(1) : value);
      if (domain.empty()) continue;
      if (!below(host, domain)) return;   // somebody else's
      one.domain = domain;
      one.host_only = false;
    } else if (same_name(name, "path")) {
      if (value.starts_with('/')) one.path = value;
    } else if (same_name(name, "secure")) {
      one.secure = true;
    } else if (same_name(name, "max-age")) {
      by_age = true;
      expired = value.starts_with('-') || value == "0";
    } else if (same_name(name, "expires") && !by_age) {
      expired = is_past(value);
    }
  }
  set(one);
  if (expired.value_or(false)) cookies_.pop_back();
}

/// The last one is the one set.
void cookie_jar::set(kept_cookie one) {
  std::erase_if(cookies_, [&](const kept_cookie& old) { return old.name == one.name && old.domain == one.domain && old.path == one.path; });
  cookies_.push_back(std::move(one));
}

std::string cookie_jar::send(std::string_view scheme, std::string_view authority, std::string_view path) const {
  const auto host = host_of(authority);
  path = path.substr(0, path.find('?'));
  std::vector<const kept_cookie*> fitting;
  for (const auto& one : cookies_) {
    if (one.host_only ? host != one.domain : !below(host, one.domain)) continue;
    if (path_matches(path, one.path) && (!one.secure || scheme == "https")) fitting.push_back(&one);
  }
  std::ranges::stable_sort(fitting, std::ranges::greater(), [](const kept_cookie* one) { return one->path.size(); });
  std::string line;
  for (const auto* one : fitting) line += (line.empty() ? "" : "; ") + one->name + "=" + one->value;
  return line;
}

std::optional<std::string_view> cookie_jar::find(std::string_view name) const noexcept {
  for (const auto& one : cookies_)
    if (one.name == name) return one.value;
  return std::nullopt;
}

}  // namespace csgi::testing
