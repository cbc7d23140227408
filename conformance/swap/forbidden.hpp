// forbidden.hpp - finds what servers must not write to standard error, such as what csgi::lint has to say.
#pragma once
#include <boost/regex.hpp>
#include "swap.hpp"

namespace csgi::conformance {

/// The lines of what a server has said that one of the patterns is found in; equal ones once, in their order.
std::vector<forbidden_line> forbidden_in(std::string_view said, const std::vector<boost::regex>& patterns, const std::string& server);

}  // namespace csgi::conformance
