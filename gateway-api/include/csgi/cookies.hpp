// csgi/cookies.hpp - cookies in both directions (RFC 6265).
#pragma once
#include <algorithm>
#include <chrono>
#include <csgi/field_syntax.hpp>
#include <csgi/request.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace csgi { inline namespace v1 {

/// The cookies of a request in the order sent, those of several Cookie fields too. Names and values are bytes as they came,
/// without quotes around them; what has no "=" is dropped. Anybody may have sent anything: they prove nothing.
///
/// Lifetime:  views of the request.
class request_cookies {
 public:
  explicit request_cookies(const request& head) {
    for (const field& f : head.fields)
      if (same_name(f.name, "cookie")) parse(f.value);
  }

  /// The value of the first one of that name; case counts.
  std::optional<std::string_view> find(std::string_view name) const noexcept {
    for (const field& one : list_)
      if (one.name == name) return one.value;
    return std::nullopt;
  }

  std::span<const field> all() const& noexcept { return list_; }
  void all() && = delete;                 // would be gone with this object

 private:
  void parse(std::string_view line) {
    while (!line.empty()) {
      const auto end = line.find(';');
      const auto one = line.substr(0, end);
      line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
      const auto equals = one.find('=');
      if (equals == std::string_view::npos) continue;
      const auto name = trimmed(one.substr(0, equals));
      auto value = trimmed(one.substr(equals + 1));
      if (value.size() > 1 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
      if (!name.empty()) list_.push_back({name, value});
    }
  }

  std::vector<field> list_;
};

enum class same_site : unsigned char { lax, strict, none };

/// A cookie for the client to keep:
///
///   const auto cookie = csgi::set_cookie{.name = "session", .value = id, .secure = true}.text();
///   ex.start(200, {{"set-cookie", cookie}});
///
/// By default scripts do not see it, other sites do not send it, and it ends with the browser's session.
struct set_cookie {
  std::string name = {};
  std::string value = {};
  std::string path = "/";
  std::string domain = {};                              ///< empty: this host only
  std::optional<std::chrono::seconds> max_age = {};     ///< 0 or less removes the cookie
  bool secure = false;                                  ///< over https only
  bool http_only = true;
  csgi::same_site site = csgi::same_site::lax;

  /// The Set-Cookie field's value.
  ///
  /// Errors:    std::invalid_argument, where a part could end its place and become another attribute or field: nothing is
  ///            escaped, so encode values of other bytes than RFC 6265, 4.1.1, allows; and for what browsers refuse:
  ///            SameSite=None without Secure, a name that begins with __Host- or __Secure- without what that promises.
  std::string text() const {
    check();
    std::string line = name + "=" + value;
    if (!path.empty()) line += "; Path=" + path;
    if (!domain.empty()) line += "; Domain=" + domain;
    if (max_age) line += "; Max-Age=" + std::to_string(max_age->count());
    if (secure) line += "; Secure";
    if (http_only) line += "; HttpOnly";
    constexpr const char* names[] = {"Lax", "Strict", "None"};
    return line + "; SameSite=" + names[static_cast<unsigned char>(site)];
  }

 private:
  static bool in_value(char c) noexcept { return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\'; }
  static bool in_attribute(char c) noexcept { return c >= 0x20 && c < 0x7F && c != ';'; }

  void check() const {
    const auto require = [](bool fact, const char* why) {
      if (!fact) throw std::invalid_argument(std::string("a cookie that may not be set: ") + why);
    };
    require(is_token(name), "its name is no token");
    require(std::ranges::all_of(value, in_value), "its value has a byte that needs encoding");
    require(std::ranges::all_of(path, in_attribute) && (path.empty() || path.front() == '/'), "its path");
    require(std::ranges::all_of(domain, [](char c) { return in_attribute(c) && c != ' '; }), "its domain");
    require(secure || site != csgi::same_site::none, "SameSite=None without Secure");
    require(secure || !(name.starts_with("__Secure-") || name.starts_with("__Host-")), "its name promises Secure");
    require(!name.starts_with("__Host-") || (path == "/" && domain.empty()), "its name promises the path / and no domain");
  }
};

}}  // namespace csgi::v1
