// csgi/serving/date_cache.hpp - the Date field's value, formatted once a second.
#pragma once
#include <ctime>
#include <limits>
#include <string_view>

namespace csgi { inline namespace v1 {

/// Threads:   one; each thread that sends responses has its own.
class date_cache {
 public:
  /// "Sun, 06 Nov 1994 08:49:37 GMT" for now (RFC 9110, 5.6.7), valid until the next call.
  std::string_view now() noexcept;

  /// The same for a given second.
  std::string_view at(std::time_t second) noexcept;

 private:
  std::time_t second_ = std::numeric_limits<std::time_t>::min();
  char text_[32] = {};
};

}}  // namespace csgi::v1
