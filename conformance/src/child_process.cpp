// child_process.cpp - see child_process.hpp.
#include "child_process.hpp"
#include "last_line.hpp"
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace csgi::conformance {

namespace {

constexpr std::size_t longest_words = 4096;
constexpr std::size_t most_said = 1 << 20;

[[noreturn]] void fail(const std::string& what, int error = errno) {
  throw std::system_error(error, std::generic_category(), what);
}

/// In the child, where other threads may have held any lock: nothing but system calls.
[[noreturn]] void become(char* const* words, pid_t parent, int errors, int failure) noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);       // what this program waits for by a thread, the other one may want to hear
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::execvp(words[0], words);
  const int why = errno;
  [[maybe_unused]] const auto told = ::write(failure, &why, sizeof why);
  ::_exit(127);
}

}  // namespace

child_process::child_process(const std::vector<std::string>& words) : errors_(::memfd_create("standard error", MFD_CLOEXEC)) {
  if (errors_ < 0) fail("cannot keep what a program says");
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::array<int, 2> failure{};
  if (::pipe2(failure.data(), O_CLOEXEC) != 0) {
    const int error = errno;
    ::close(errors_);
    fail("no pipe", error);
  }
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(arguments.data(), parent, errors_, failure[1]);
  int why = pid_ < 0 ? errno : 0;
  ::close(failure[1]);
  const bool failed = pid_ < 0 || ::read(failure[0], &why, sizeof why) == sizeof why;
  ::close(failure[0]);
  if (!failed) return;
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  ::close(errors_);
  fail("cannot run " + words.front(), why);
}

child_process::~child_process() {
  if (!code_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(errors_);
}

void child_process::signal(int number) noexcept {
  if (running()) ::kill(pid_, number);
}

bool child_process::running() noexcept {
  int status = 0;
  if (!code_ && ::waitpid(pid_, &status, WNOHANG) == pid_)
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return !code_;
}

std::optional<int> child_process::exit_code() noexcept {
  return running() ? std::nullopt : code_;
}

std::string child_process::said() const { return last_of_errors(most_said); }

std::string child_process::last_words() const {
  return std::string(last_line(last_of_errors(longest_words)));
}

std::string child_process::last_of_errors(std::size_t most) const {
  const off_t size = ::lseek(errors_, 0, SEEK_END);
  std::string last(std::min(most, size > 0 ? static_cast<std::size_t>(size) : 0), '\0');
  const auto got = ::pread(errors_, last.data(), last.size(), size - static_cast<off_t>(last.size()));
  last.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return last;
}

}  // namespace csgi::conformance
