// markup.hpp - text in XML and HTML.
#pragma once
#include <string>
#include <string_view>

namespace csgi::conformance {

/// UTF-8 text as the content of an element or of an attribute in double quotes.
std::string escaped(std::string_view text);

}  // namespace csgi::conformance
