// find_probes.hpp - where the plug-ins of the probe app are.
#pragma once
#include <filesystem>

namespace csgi::conformance {

/// The directory beside this program that has them, in the build tree as where it is installed; `asked` if not empty.
///
/// Errors:    std::runtime_error: they are not there.
std::filesystem::path find_probes(const std::filesystem::path& asked);

}  // namespace csgi::conformance
