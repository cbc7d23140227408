// selection.hpp - which cases the user wants.
#pragma once
#include <csgi/conformance/case.hpp>
#include "command_line.hpp"

namespace csgi::conformance {

/// The cases of the suite that match what was asked for.
///
/// Errors:    usage_error, when a pattern matches none.
std::vector<test_case> selected(const command_line& asked);

}  // namespace csgi::conformance
