// themes.cpp - every broken server that there is.
#include "broken_server.hpp"

namespace csgi::conformance {

const std::vector<broken_theme>& broken_themes() {
  static const std::vector<broken_theme> all = {
      {"requests", with_broken_requests},
  };
  return all;
}

}  // namespace csgi::conformance
