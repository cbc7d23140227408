// differences.hpp - compares what servers have answered.
#pragma once
#include "play.hpp"

namespace csgi::conformance {

/// `again`: what the first of them has answered when it was played to once more. What it does otherwise then is the app's doing.
swap_findings compare(const swap_options& options, const std::vector<performance_of_server>& all, const performance_of_server& again);

}  // namespace csgi::conformance
