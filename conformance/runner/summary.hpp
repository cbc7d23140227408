// summary.hpp - what a run found, for the terminal.
#pragma once
#include "report.hpp"
#include "terminal.hpp"

namespace csgi::conformance {

/// The failures, each with its clauses, the coverage of the specification, and the verdict in one line.
std::string summary_of(const report& r, const terminal& to);

}  // namespace csgi::conformance
