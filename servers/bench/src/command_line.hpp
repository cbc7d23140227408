// command_line.hpp - what csgi_bench is asked for.
#pragma once
#include "selection.hpp"
#include <filesystem>

namespace csgi::bench {

struct command_line {
  enum class verb : unsigned char { compare, list, help };

  verb what = verb::compare;
  std::string help;                   ///< its text, for verb::help
  wishes wanted;
  int rounds = 5;
  double seconds = 3;                 ///< of each measurement
  double warm_up_seconds = 1;
  std::filesystem::path json;         ///< empty: none
};

/// Errors:    usage_error, in one line.
command_line parse_command_line(std::vector<std::string> words);

}  // namespace csgi::bench
