// patterns.hpp - the regular expressions that an option was given.
#pragma once
#include <boost/regex.hpp>
#include <string>
#include <vector>

namespace csgi::conformance {

/// Errors:    std::invalid_argument, which names the option, for what is no regular expression.
std::vector<boost::regex> to_patterns(const std::string& option, const std::vector<std::string>& texts);

}  // namespace csgi::conformance
