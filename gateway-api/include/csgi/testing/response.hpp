// csgi/testing/response.hpp - what an app answered.
#pragma once
#include <csgi/finish_hooks.hpp>
#include <csgi/log_sink.hpp>
#include <csgi/testing/named_value.hpp>
#include <stdexcept>

namespace csgi::testing {

/// A message of an app to the operator.
struct log_line {
  log_level level = log_level::info;
  std::string text;

  bool operator==(const log_line&) const = default;
};

/// What an app said before its response, such as early hints: 102 to 199, but for 101.
struct informational_response {
  int status = 0;
  field_list fields = {};

  /// The first field of that name, regardless of case.
  std::optional<std::string_view> field(std::string_view name) const& noexcept { return find_field(fields, name); }

  bool operator==(const informational_response&) const = default;
};

/// A response, as far as it was sent.
struct response {
  int status = 0;                       ///< 0: nothing was ever sent
  std::string reason = {};              ///< empty: the standard phrase
  field_list fields = {};
  std::string body = {};
  outcome how = {};                     ///< what finish hooks are told
  std::vector<log_line> log = {};       ///< what the app told the operator meanwhile
  std::string target = {};              ///< of the request that this answers: another than asked for, after redirects
  std::vector<response> history = {};   ///< the redirects that led here
  std::vector<informational_response> informational = {};   ///< what came before it, in order
  field_list trailers = {};             ///< what came behind its body; announced by the field Trailer

  /// The first trailer of that name, regardless of case.
  std::optional<std::string_view> trailer(std::string_view name) const& noexcept { return find_field(trailers, name); }
  std::optional<std::string> trailer(std::string_view name) && {
    const auto found = find_field(trailers, name);
    return found ? std::optional<std::string>(*found) : std::nullopt;
  }

  /// Whether the client got all of it.
  bool whole() const noexcept { return status != 0 && !how.aborted; }

  /// The first field of that name, regardless of case.
  std::optional<std::string_view> field(std::string_view name) const& noexcept { return find_field(fields, name); }

  /// The same of a response that nobody keeps: c.get("/").field("etag").
  std::optional<std::string> field(std::string_view name) && {
    const auto found = find_field(fields, name);
    return found ? std::optional<std::string>(*found) : std::nullopt;
  }
};

/// A response that ended before it was whole, as a client sees it: a broken connection.
class broken_response : public std::runtime_error {
 public:
  explicit broken_response(response part)
      : std::runtime_error("the response was broken off: " + part.how.aborted.message()), part_(std::move(part)) {}

  /// What there was of it; status 0 where there was no head.
  const response& part() const noexcept { return part_; }

 private:
  response part_;
};

}  // namespace csgi::testing
