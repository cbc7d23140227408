// find_app.hpp - from what the user calls an app to the file it is in.
#pragma once
#include <filesystem>
#include <string>

namespace csgi::cli {

/// The plug-in's file: `app` itself if it is a path, that is, has a slash or ends in .so; else the bundled app of
/// that name, which lies beside this program, in the build tree as where it is installed.
///
/// Errors:    std::runtime_error, which names the apps there are.
std::filesystem::path find_app(const std::string& app);

}  // namespace csgi::cli
