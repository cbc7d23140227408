// find_probes.cpp - see find_probes.hpp.
#include "find_probes.hpp"
#include <algorithm>
#include <csgi/conformance/subject.hpp>

namespace csgi::conformance {

namespace fs = std::filesystem;

namespace {

bool has_probes(const fs::path& directory) {
  return std::ranges::all_of(all_forms(), [&](const form& f) { return fs::exists(directory / f.plugin); });
}

}  // namespace

fs::path find_probes(const fs::path& asked) {
  if (!asked.empty()) {
    if (!has_probes(asked)) throw std::runtime_error("--probe-dir: " + asked.string() + " has no " + all_forms().front().plugin + " and its kin");
    return fs::absolute(asked);
  }
  const fs::path prefix = fs::read_symlink("/proc/self/exe").parent_path().parent_path();
  for (const char* place : {"conformance", CSGI_PROBE_DIR})
    if (has_probes(prefix / place)) return prefix / place;
  throw std::runtime_error("the probe plug-ins are not beside this program; --probe-dir says where they are");
}

}  // namespace csgi::conformance
