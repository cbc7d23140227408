#include "root_directory.hpp"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <system_error>
#if __has_include(<linux/openat2.h>)
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

namespace {

constexpr int reading = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

#ifdef RESOLVE_BENEATH
int open_beneath(int root, const char* path) noexcept {
  open_how how{};
  how.flags = reading;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  for (int attempt = 0;; ++attempt) {
    const auto opened = ::syscall(SYS_openat2, root, path, &how, sizeof how);
    // EAGAIN: a rename went on meanwhile, so that the kernel could not be sure.
    if (opened >= 0 || (errno != EAGAIN && errno != EINTR) || attempt == 8) return static_cast<int>(opened);
  }
}
#else
int open_beneath(int, const char*) noexcept {
  errno = ENOSYS;
  return -1;
}
#endif

file_descriptor open_by_steps(int root, const std::string& path) noexcept {
  file_descriptor above;
  for (std::size_t begin = 0;;) {
    const auto end = path.find('/', begin);
    const bool last = end == std::string::npos;
    const int from = above ? above.number() : root;
    const int how = O_NOFOLLOW | (last ? reading : O_PATH | O_DIRECTORY | O_CLOEXEC);
    file_descriptor step(::openat(from, path.substr(begin, end - begin).c_str(), how));
    if (last || !step) return step;
    above = std::move(step);
    begin = end + 1;
  }
}

file_descriptor open_as(root_directory::containment how, int root, const std::string& path) noexcept {
  switch (how) {
    case root_directory::containment::by_kernel: return file_descriptor(open_beneath(root, path.c_str()));
    case root_directory::containment::by_steps: return open_by_steps(root, path);
    case root_directory::containment::none: break;
  }
  return file_descriptor(::openat(root, path.c_str(), reading));
}

root_directory::containment best_containment() noexcept {
  const file_descriptor probe(open_beneath(AT_FDCWD, "."));
  const bool lacking = !probe && (errno == ENOSYS || errno == EPERM || errno == EINVAL);
  return lacking ? root_directory::containment::by_steps : root_directory::containment::by_kernel;
}

bool out_of_resources(int why) noexcept { return why == EMFILE || why == ENFILE || why == ENOMEM; }

bool is_plain_name(std::string_view name) noexcept {
  if (name.empty() || name.find('\0') != std::string_view::npos) return false;
  return name.front() != '.' || name == ".well-known";
}

}  // namespace

root_directory::root_directory(const std::string& path, links which)
    : root_directory(path, which == links::followed ? containment::none : best_containment()) {}

root_directory::root_directory(const std::string& path, containment how)
    : root_(::open(path.c_str(), reading | O_DIRECTORY)), how_(how) {
  if (!root_) throw std::invalid_argument("cannot serve \"" + path + "\": " + std::generic_category().message(errno));
}

file_descriptor root_directory::open(std::string_view path) const {
  if (!path.empty() && !is_plain(path)) return {};
  const std::string name(path.empty() ? "." : path);
  file_descriptor file = open_as(how_, root_.number(), name);
  if (!file && out_of_resources(errno)) throw std::system_error(errno, std::generic_category(), "open");
  return file;
}

bool root_directory::is_plain(std::string_view path) noexcept {
  for (;;) {
    const auto slash = path.find('/');
    if (!is_plain_name(path.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}
