// worker_process.hpp - a process of the supervisor's, and how both talk.
#pragma once
#include <chrono>
#include <csgi/posix/descriptor.hpp>
#include <csignal>
#include <functional>
#include <string>

namespace csgi::cli {

/// What a supervisor tells a worker, as one byte each.
enum class order : char { drain = 'd', end = 'e' };

/// A worker as its supervisor sees it. It speaks with it over a pair of sockets rather than with signals, since a worker may be
/// sent signals by others, too: Ctrl-C goes to all processes of a terminal, and a service manager's SIGTERM to all of a service.
class worker_process {
 public:
  using clock = std::chrono::steady_clock;
  enum class state : unsigned char { starting, serving, draining };

  /// Runs in the new process, with its end of the pair; gives the exit code.
  using body = std::function<int(posix::descriptor link)>;

  /// Starts a process, which is killed when this one ends, however it does. `in_child` is called there first, to let go of what
  /// only a supervisor has; `unblocked` is the signal mask it gets.
  ///
  /// Errors:    std::system_error: no process, no descriptors.
  worker_process(unsigned place, const body& work, const std::function<void()>& in_child, const sigset_t& unblocked);

  pid_t id() const noexcept { return id_; }
  unsigned place() const noexcept { return place_; }      ///< which of the workers it is; a successor has the same
  int link() const noexcept { return link_.get(); }
  void let_go() noexcept { link_.close(); }
  std::string name() const { return "worker " + std::to_string(id_); }
  clock::time_point born() const noexcept { return born_; }
  clock::duration age() const noexcept { return clock::now() - born_; }

  state now = state::starting;
  bool replaces_another = false;
  bool is_given_up = false;       ///< it has not come to serve in time
  clock::time_point serving_since{};
  clock::duration served() const noexcept { return serving_since == clock::time_point() ? clock::duration() : clock::now() - serving_since; }

  void tell(order what) noexcept;

  /// What it has said since the last call; empty: nothing. The first thing it says is that it serves.
  std::string heard();

 private:
  unsigned place_;
  clock::time_point born_ = clock::now();
  posix::descriptor link_;
  pid_t id_ = -1;
};

/// "was killed by signal 9 (Killed)", "ended with exit code 1".
std::string to_text(int wait_status);

}  // namespace csgi::cli
