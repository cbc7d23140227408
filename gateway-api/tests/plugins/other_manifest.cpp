// Plug-ins of other worlds: compiled once for each, with OTHER_MAJOR, OTHER_MINOR and OTHER_TOOLCHAIN. Behind the
// three members that never move there is nothing a host could understand.
#include <csgi/version.hpp>

namespace {

struct foreign_manifest {
  std::uint32_t interface_major;
  std::uint32_t interface_minor;
  const char* toolchain;
};

constexpr foreign_manifest manifest = {OTHER_MAJOR, OTHER_MINOR, OTHER_TOOLCHAIN};

}  // namespace

extern "C" __attribute__((visibility("default"))) const foreign_manifest* csgi_plugin() { return &manifest; }
