// app_command.hpp - `csgi-conformance app`.
#pragma once
#include "command_line.hpp"

namespace csgi::conformance {

/// Judges an app, tells on standard output and writes reports. Whether no MUST is broken.
///
/// Errors:    usage_error, not_a_subject; std::runtime_error: a file cannot be read or written.
bool judge_app(const command_line& asked);

/// The corpus and the checks, for people.
std::string app_list();

}  // namespace csgi::conformance
