// vanishing_directory.cpp - see vanishing_directory.hpp.
#include "vanishing_directory.hpp"
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

[[noreturn]] void remove_at_end(int lifeline, const std::filesystem::path& path) {
  ::setsid();     // Ctrl-C is not for it
  char nothing;
  while (::read(lifeline, &nothing, 1) < 0 && errno == EINTR) {
  }
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
  ::_exit(0);
}

}  // namespace

vanishing_directory::vanishing_directory(const std::string& begin) {
  std::string name = (std::filesystem::temp_directory_path() / (begin + ".XXXXXX")).string();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail("no pipe");
  if (!::mkdtemp(name.data())) fail("no temporary directory");
  path_ = name;
  remover_ = ::fork();
  if (remover_ == 0) {
    ::close(ends[1]);
    remove_at_end(ends[0], path_);
  }
  ::close(ends[0]);
  lifeline_ = ends[1];
  if (remover_ > 0) return;
  std::filesystem::remove(path_);
  fail("no process");
}

vanishing_directory::~vanishing_directory() {
  ::close(lifeline_);
  ::waitpid(remover_, nullptr, 0);
}
