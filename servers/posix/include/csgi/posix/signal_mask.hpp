// csgi/posix/signal_mask.hpp - keeps SIGPIPE from a thread that sends.
#pragma once
#include <csignal>

namespace csgi::posix {

/// Blocks SIGPIPE in the calling thread, and in those it starts, as long as it lives: a peer that has gone is an
/// error code here.
class without_sigpipe {
 public:
  without_sigpipe() noexcept {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, &before_);
  }
  without_sigpipe(const without_sigpipe&) = delete;
  without_sigpipe& operator=(const without_sigpipe&) = delete;
  ~without_sigpipe() {
    const timespec at_once{};
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    ::sigtimedwait(&pipe, nullptr, &at_once);  // one that is pending must not strike when it is unblocked
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t before_;
};

}  // namespace csgi::posix
