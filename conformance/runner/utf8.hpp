// utf8.hpp - text of unknown origin, made fit for JSON, XML, HTML and terminals.
#pragma once
#include <string>
#include <string_view>

namespace csgi::conformance {

/// `bytes` with what is not well-formed UTF-8, and control characters other than line feeds, spelled \xNN.
std::string as_utf8(std::string_view bytes);

/// Characters of UTF-8 text, which is what a terminal's columns count.
std::size_t characters(std::string_view text) noexcept;

}  // namespace csgi::conformance
