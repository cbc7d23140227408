// settings.hpp - what the ticker is told on the command line.
#pragma once
#include <chrono>
#include <csgi/plugin.hpp>

namespace ticking {

struct settings {
  std::chrono::milliseconds every{1000};          ///< between two ticks
  std::chrono::milliseconds heartbeat{15'000};    ///< where ticks are rarer
  std::chrono::milliseconds retry{2000};          ///< after which clients come back
  std::size_t history = 600;                      ///< ticks that are kept for them

  /// From "[--every MS] [--heartbeat MS] [--retry MS] [--history N]", each also as --name=value.
  ///
  /// Errors:    std::invalid_argument.
  static settings parse(csgi::arguments given);
};

}  // namespace ticking
