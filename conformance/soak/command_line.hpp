// command_line.hpp - what a soak is asked to do.
#pragma once
#include "soak.hpp"

namespace csgi::soak {

struct command_line {
  plan how;
  std::vector<pair> pairs;
  std::vector<std::string> not_built;     ///< bundled apps that are not there
  std::size_t together = 2;               ///< pairs at the same time
  std::string help;                       ///< to print, and do nothing
};

/// Errors:    std::invalid_argument, whose what() tells in a line what is wrong.
command_line parse(int argc, const char* const* argv);

}  // namespace csgi::soak
