// failure.hpp - the exception for an upstream that gives no whole answer.
#pragma once
#include <stdexcept>
#include <string>

namespace upstream {

/// Why there is none. Not csgi::disconnected nor csgi::timed_out, which say that this app's own client has gone or is slow: a
/// server would drop them without a word.
class failure : public std::runtime_error {
 public:
  enum class kind : unsigned char {
    unreachable,   ///< nobody takes connections there
    broken,        ///< the connection ended before the answer did, or it is no HTTP
    timed_out,     ///< request::timeout
    too_large,     ///< client_limits
  };

  failure(kind what, const std::string& message) : std::runtime_error(message), kind_(what) {}

  kind reason() const noexcept { return kind_; }

 private:
  kind kind_;
};

}  // namespace upstream
