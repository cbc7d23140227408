// swap_command.hpp - `csgi-conformance swap`.
#pragma once
#include "command_line.hpp"

namespace csgi::conformance {

/// Runs an app on several servers, tells on standard output and writes reports. Whether they do not differ.
///
/// Errors:    usage_error, not_a_subject; std::runtime_error: a file cannot be read or written.
bool compare_servers(const command_line& asked);

}  // namespace csgi::conformance
