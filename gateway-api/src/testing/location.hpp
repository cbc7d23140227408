// location.hpp - where a Location field leads.
#pragma once
#include <string>
#include <string_view>

namespace csgi::testing {

struct place {
  std::string scheme;
  std::string authority;
  std::string target;
};

/// RFC 3986, 5.2, for http and https; the fragment is dropped.
///
/// Errors:    std::runtime_error, for other schemes.
place resolve(const place& from, std::string_view location);

}  // namespace csgi::testing
