// patterns.cpp - see patterns.hpp.
#include "patterns.hpp"
#include <stdexcept>

namespace csgi::conformance {

std::vector<boost::regex> to_patterns(const std::string& option, const std::vector<std::string>& texts) {
  std::vector<boost::regex> patterns;
  for (const auto& text : texts) {
    try {
      patterns.emplace_back(text);
    } catch (const boost::regex_error&) {
      throw std::invalid_argument(option + ": \"" + text + "\" is not a regular expression");
    }
  }
  return patterns;
}

}  // namespace csgi::conformance
