// A field line of a head (RFC 9112, 5).
#pragma once
#include <string>

namespace csgi { inline namespace v1 {

inline void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}}  // namespace csgi::v1
