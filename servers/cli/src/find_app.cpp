#include "find_app.hpp"
#include <algorithm>
#include <stdexcept>
#include <vector>

namespace csgi::cli {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code absent;
  for (const auto& each : fs::directory_iterator(directory, absent))
    if (each.path().extension() == ".so") names.push_back(each.path().stem().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace

fs::path find_app(const std::string& app) {
  if (app.find('/') != std::string::npos || app.ends_with(".so")) return app;

  const fs::path prefix = fs::read_symlink("/proc/self/exe").parent_path().parent_path();
  std::string known;
  for (const char* place : {"apps", "lib/csgi/apps"}) {
    const fs::path file = prefix / place / (app + ".so");
    if (fs::exists(file)) return file;
    for (const auto& name : names_in(file.parent_path())) known += (known.empty() ? "" : ", ") + name;
  }
  throw std::runtime_error("no bundled app is called \"" + app + "\", " + (known.empty() ? "and none is there" : "but these are: " + known) +
                           "; the path of a plug-in has a slash or ends in .so");
}

}  // namespace csgi::cli
