// escape.hpp - names and paths, made safe for the places they are written to.
#pragma once
#include <string>
#include <string_view>

/// For HTML text and quoted attributes.
std::string html_escaped(std::string_view text);

/// For a URL's path: every byte but unreserved ones (RFC 3986, 2.3) and "/" becomes %XX.
std::string percent_encoded(std::string_view path);
