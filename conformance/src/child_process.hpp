// child_process.hpp - a program that is run, and ends with the one that runs it.
#pragma once
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace csgi::conformance {

/// Its standard input and output are closed; what it writes to standard error is kept. The destructor kills it.
class child_process {
 public:
  /// Threads:   the program is killed when the thread that constructed this ends.
  /// Errors:    std::system_error, when it cannot be run.
  explicit child_process(const std::vector<std::string>& words);
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process();

  pid_t id() const noexcept { return pid_; }
  void signal(int number) noexcept;
  bool running() noexcept;

  /// Its exit code, or 128 and the number of the signal that ended it; none while it runs.
  std::optional<int> exit_code() noexcept;

  /// What it has written to standard error: the last megabyte of it.
  std::string said() const;

  /// The last line that it has written to standard error, without its end.
  std::string last_words() const;

 private:
  std::string last_of_errors(std::size_t most) const;

  int errors_;
  pid_t pid_ = -1;
  std::optional<int> code_;
};

}  // namespace csgi::conformance
