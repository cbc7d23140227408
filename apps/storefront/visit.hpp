// visit.hpp - who looks at the home page, and when: what the services are asked.
#pragma once
#include <csgi/request.hpp>
#include <http_client/message.hpp>
#include <optional>
#include <string>

/// What day it is. A function, so that a test may say it.
using calendar = std::string (*)();

/// "2026-11-21", of UTC.
std::string today();

class visit {
 public:
  /// The user is the one that the cookie "user" names; it is shown, and asked for, and gives no rights to anything.
  ///
  /// Errors:    csgi::http_error: 404 for another path, 405 for another method than GET and HEAD; 301 for the mount point
  ///            without its slash, from which the page's links would lead elsewhere.
  visit(const csgi::request& head, calendar days, std::chrono::milliseconds timeout);

  /// Nothing for who has not said a name: then nobody is asked for recommendations.
  const std::optional<std::string>& user() const noexcept { return user_; }

  upstream::request promotions_question() const;

  /// Requires:  user().
  upstream::request recommendations_question() const;

 private:
  std::string date_;
  std::optional<std::string> user_;
  std::chrono::milliseconds timeout_;
};

/// Whether a cookie may hold the name, and a page show it: 1 to 32 letters, digits, "-", "_" or "."
bool is_user_name(std::string_view text) noexcept;
