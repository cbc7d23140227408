// json_report.hpp - results as programs read them.
#pragma once
#include "comparison.hpp"

namespace csgi::bench {

/// How it came about.
struct circumstances_of_report {
  int rounds;
  double seconds;           ///< of each measurement
  cores on;
};

/// One object: "rounds", "seconds", "cores", and
/// "scenarios": [{"name", "foreign_share", "servers": [{"name", METRIC: {"median", "least", "most", "ratio": {the same three}}}]}],
/// where null stands for what could not be had; "skipped" and "failed": [{"name", "reason"}].
std::string json_of(const comparison& made, const circumstances_of_report& how);

}  // namespace csgi::bench
