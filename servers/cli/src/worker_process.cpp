// worker_process.cpp - see worker_process.hpp.
#include "worker_process.hpp"
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>

namespace csgi::cli {

namespace {

/// A worker ends when it's told to; until it listens to more than its supervisor, signals that others send leave it alone.
void leave_stop_signals_alone() noexcept {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction nothing {};
    nothing.sa_handler = [](int) {};    // not SIG_IGN, which programs that an app starts would inherit
    nothing.sa_flags = SA_RESTART;
    ::sigaction(signal, &nothing, nullptr);
  }
}

/// A worker without its supervisor would be restarted, drained and counted by nobody, and stand in the way of the next one's.
void die_with(pid_t supervisor) noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != supervisor) ::_exit(1);    // it has gone before that took effect
}

}  // namespace

worker_process::worker_process(unsigned place, const body& work, const std::function<void()>& in_child, const sigset_t& unblocked)
    : place_(place) {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
    throw std::system_error(errno, std::generic_category(), "no sockets for a worker");
  posix::descriptor ours(pair[0]), theirs(pair[1]);
  const pid_t supervisor = ::getpid();
  id_ = ::fork();
  if (id_ < 0) throw std::system_error(errno, std::generic_category(), "no process for a worker");
  if (id_ > 0) {
    link_ = std::move(ours);
    return;
  }
  die_with(supervisor);
  leave_stop_signals_alone();
  ours.close();
  in_child();
  ::pthread_sigmask(SIG_SETMASK, &unblocked, nullptr);
  std::exit(work(std::move(theirs)));
}

void worker_process::tell(order what) noexcept {
  // One that has ended cannot be told, and need not.
  static_cast<void>(::send(link_.get(), &what, sizeof what, MSG_NOSIGNAL | MSG_DONTWAIT));
}

std::string worker_process::heard() {
  char text[PIPE_BUF];
  const auto size = ::recv(link_.get(), text, sizeof text, MSG_DONTWAIT);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::string to_text(int status) {
  if (WIFEXITED(status)) return "ended with exit code " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  const char* const name = ::sigdescr_np(signal);
  return "was killed by signal " + std::to_string(signal) + (name ? " (" + std::string(name) + ')' : "");
}

}  // namespace csgi::cli
