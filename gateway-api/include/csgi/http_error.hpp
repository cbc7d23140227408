// csgi/http_error.hpp - an exception that says what the client is to be answered.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace csgi { inline namespace v1 {

/// Throw it where a request cannot be served; the middleware `errors` answers with it.
///
///   throw csgi::http_error(404, "There is no such invoice.\n");
///   throw csgi::http_error(405, "").with("allow", "GET, HEAD");
///
/// What it says is for the client: nothing goes in there that is not public.
class http_error : public std::runtime_error {
 public:
  /// Whether somebody may have tried something: that belongs in another log than everyday errors.
  enum class concern : unsigned char { routine, security };

  explicit http_error(int status, const std::string& message = {}, concern what = concern::routine)
      : std::runtime_error(message), status_(status), security_(what == concern::security) {}

  /// The same with a field for the response.
  http_error with(std::string name, std::string value) && {
    fields_.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }

  int status() const noexcept { return status_; }
  const std::vector<std::pair<std::string, std::string>>& fields() const noexcept { return fields_; }

  /// For the security log: said so, or a 400.
  bool is_security() const noexcept { return status_ / 100 == 4 && (security_ || status_ == 400); }

 private:
  int status_;
  bool security_;
  std::vector<std::pair<std::string, std::string>> fields_;
};

}}  // namespace csgi::v1
