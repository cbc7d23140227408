// markup.cpp - see markup.hpp.
#include "markup.hpp"

namespace csgi::conformance {

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\n': safe += "&#10;"; break;    // an attribute would make it a space
      default: safe += c;
    }
  }
  return safe;
}

}  // namespace csgi::conformance
