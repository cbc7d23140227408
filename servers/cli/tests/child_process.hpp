// child_process.hpp - a program under test: its output line by line, its exit code, and no way to outlive its starter.
#pragma once
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <optional>
#include <poll.h>
#include <sched.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

class child_process {
 public:
  /// Runs `command`, on `core` alone if one is given, after `prepare` in the new process.
  explicit child_process(std::vector<std::string> command, std::optional<int> core = {}, const std::function<void()>& prepare = {}) {
    int out[2];
    int err[2];
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) throw std::runtime_error("no pipes");
    std::vector<char*> argv;
    for (auto& word : command) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("no process");
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (core) {
        cpu_set_t only;
        CPU_ZERO(&only);
        CPU_SET(static_cast<std::size_t>(*core), &only);
        sched_setaffinity(0, sizeof only, &only);
      }
      dup2(out[1], STDOUT_FILENO);
      dup2(err[1], STDERR_FILENO);
      if (prepare) prepare();
      execv(argv[0], argv.data());
      _exit(127);
    }
    close(out[1]);
    close(err[1]);
    output_.descriptor = out[0];
    errors_.descriptor = err[0];
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(output_.descriptor);
    close(errors_.descriptor);
  }

  /// The next line, without its end; throws when there is none, or none comes.
  std::string output_line() { return output_.line(); }
  std::string error_line() { return errors_.line(); }

  /// All that is still to come, until the program closes it.
  std::string rest_of_output() { return output_.rest(); }
  std::string rest_of_errors() { return errors_.rest(); }

  pid_t id() const { return pid_; }
  void signal(int number) { kill(pid_, number); }

  /// A signal that is a wish of its own. Requires: what the last one does has been seen.
  void signal_anew(int number) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));   // csgi::stop_on_signal::same_wish
    signal(number);
  }

  /// Blocks until it has ended by itself, which closes its output. Its exit code, or the negative signal it died of.
  int exit_code() {
    output_.rest();
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  struct stream {
    int descriptor = -1;
    std::string text;

    // Whether there was more.
    bool read_more() {
      pollfd readable{descriptor, POLLIN, 0};
      if (poll(&readable, 1, 30'000) != 1) throw std::runtime_error("the program under test says nothing");
      char block[4096];
      const auto size = read(descriptor, block, sizeof block);
      if (size > 0) text.append(block, static_cast<std::size_t>(size));
      return size > 0;
    }

    std::string line() {
      while (text.find('\n') == std::string::npos)
        if (!read_more()) throw std::runtime_error("the program under test has ended: " + text);
      const auto end = text.find('\n');
      const auto first = text.substr(0, end);
      text.erase(0, end + 1);
      return first;
    }

    std::string rest() {
      while (read_more()) {
      }
      return std::exchange(text, {});
    }
  };

  pid_t pid_ = -1;
  stream output_;
  stream errors_;
};
