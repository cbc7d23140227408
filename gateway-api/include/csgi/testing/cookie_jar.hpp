// csgi/testing/cookie_jar.hpp - the cookies that a client keeps between requests (RFC 6265).
#pragma once
#include <chrono>
#include <csgi/testing/response.hpp>

namespace csgi::testing {

/// A cookie as a client keeps it.
struct kept_cookie {
  std::string name;
  std::string value;
  std::string domain;                   ///< in lower case
  std::string path;
  bool host_only = true;                ///< for that domain only, not for those below it
  bool secure = false;                  ///< for https only
};

/// Knows Domain, Path, Secure, Max-Age and Expires; a cookie that has expired is dropped at once, one that will is kept: tests
/// do not take that long. It knows no public suffixes.
class cookie_jar {
 public:
  /// Keeps what a response from `authority` to a request for `path` sets.
  void take(const response& r, std::string_view authority, std::string_view path);

  /// The Cookie field's value for a request: those with the longest path first; empty where there are none.
  std::string send(std::string_view scheme, std::string_view authority, std::string_view path) const;

  /// The value of the first cookie of that name.
  std::optional<std::string_view> find(std::string_view name) const noexcept;

  void set(kept_cookie one);
  void clear() noexcept { cookies_.clear(); }
  const std::vector<kept_cookie>& all() const noexcept { return cookies_; }

 private:
  void take_one(std::string_view line, const std::string& host, std::string_view path);

  std::vector<kept_cookie> cookies_;
};

}  // namespace csgi::testing
