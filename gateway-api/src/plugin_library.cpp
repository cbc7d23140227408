#include <csgi/plugin_library.hpp>
#include <cstring>
#include <dlfcn.h>
#include <link.h>
#include <cerrno>
#include <fstream>
#include <stdexcept>

namespace csgi { inline namespace v1 {

namespace {

[[noreturn]] void fail(const std::string& message) { throw std::runtime_error(message); }

// A file that ends too early, half copied perhaps, would kill the process in dlopen().
bool is_whole_library(std::istream& file, std::uintmax_t size) {
  ElfW(Ehdr) head{};
  if (!file.read(reinterpret_cast<char*>(&head), sizeof head) || std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return false;
  if (head.e_phentsize != sizeof(ElfW(Phdr)) || head.e_shoff > size) return false;
  file.seekg(static_cast<std::streamoff>(head.e_phoff));
  for (unsigned i = 0; i < head.e_phnum; ++i) {
    ElfW(Phdr) segment{};
    if (!file.read(reinterpret_cast<char*>(&segment), sizeof segment)) return false;
    if (segment.p_filesz > size || segment.p_offset > size - segment.p_filesz) return false;
  }
  return true;
}

// Says what dlopen() says in its own words only where it knows best: a missing dependency or symbol.
void check_file(const std::filesystem::path& path) {
  const std::string name = path.string();
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) fail("no such file: " + name);
  if (!std::filesystem::is_regular_file(status)) fail(name + " is not a file");
  std::ifstream file(path, std::ios::binary);
  if (!file) fail("cannot read " + name + ": " + std::generic_category().message(errno));
  if (!is_whole_library(file, std::filesystem::file_size(path))) fail(name + " is not a shared library, or only a part of one");
}

void* load(const std::filesystem::path& path) {
  const std::string file = std::filesystem::absolute(path).string();
  if (void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  const char* reason = dlerror();
  std::string why = reason ? reason : "unknown reason";
  if (why.starts_with(file + ": ")) why.erase(0, file.size() + 2);
  fail("cannot load " + path.string() + ": " + why);
}

const plugin_manifest& fitting_manifest(void* library, const std::string& name) {
  const auto entry = reinterpret_cast<const plugin_manifest* (*)()>(dlsym(library, "csgi_plugin"));
  if (!entry) fail(name + " is not a CSGI plug-in (it exports no csgi_plugin)");
  const plugin_manifest* manifest = entry();
  if (!manifest) fail(name + " is not a CSGI plug-in (its csgi_plugin answers nothing)");

  const auto version = [](std::uint32_t major, std::uint32_t minor) {
    return std::to_string(major) + '.' + std::to_string(minor);
  };
  constexpr bool draft = interface_major == 0;
  if (manifest->interface_major != interface_major || manifest->interface_minor > interface_minor ||
      (draft && manifest->interface_minor != interface_minor))
    fail(name + " was built for CSGI interface " + version(manifest->interface_major, manifest->interface_minor) +
         ", but this host has " + version(interface_major, interface_minor));
  if (manifest->toolchain != std::string_view(toolchain))
    fail(name + " was built with " + manifest->toolchain + ", but this host with " + toolchain);
  return *manifest;
}

}  // namespace

plugin_library::plugin_library(const std::filesystem::path& path) : path_(path) {
  check_file(path);
  manifest_ = &fitting_manifest(load(path), path.string());
}

plugin_library::owned_app plugin_library::make_app(arguments given) const {
  const std::string refused = path_.string() + " did not start: ";
  try {
    return owned_app(*manifest_, manifest_->create(given));
  } catch (const std::exception& error) {
    fail(refused + error.what());
  } catch (...) {
    fail(refused + "its constructor threw something that is not a std::exception");
  }
}

}}  // namespace csgi::v1
