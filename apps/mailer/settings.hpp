// settings.hpp - what the mailer is told on the command line.
#pragma once
#include <chrono>
#include <csgi/plugin.hpp>
#include <string>

struct settings {
  std::string spool;                          ///< a directory
  std::chrono::milliseconds takes{1000};      ///< how long the stand-in takes to deliver a letter
  std::size_t most = 500;                     ///< letters that wait

  /// From "--spool DIR [--takes MS] [--most N]", each also as --name=value.
  ///
  /// Errors:    std::invalid_argument.
  static settings parse(csgi::arguments given);
};
