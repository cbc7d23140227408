// csgi/stop_on_signal.hpp - lets SIGINT and SIGTERM stop a server.
#pragma once
#include <csgi/server.hpp>
#include <array>
#include <csignal>

namespace csgi { inline namespace v1 {

/// While it lives, SIGINT and SIGTERM call stop() of one server: the first lets running requests finish, a second asks them to
/// end. A third ends the process at once, with a line on standard error: blocking code that never returns cannot be ended
/// otherwise.
///
///   csgi::evented::server server(options);
///   const csgi::stop_on_signal stops(server);
///   server.run(app);
///
/// Lifetime:  `server` is borrowed while it lives. Its destructor puts back the signal handlers it found.
/// Threads:   one at a time in a process; an inner scope's takes over until it ends.
class stop_on_signal {
 public:
  explicit stop_on_signal(server& target) noexcept;
  stop_on_signal(const stop_on_signal&) = delete;
  stop_on_signal& operator=(const stop_on_signal&) = delete;
  ~stop_on_signal();

 private:
  struct replaced {
    int signal;
    struct sigaction before;
  };

  server* outer_;
  std::array<replaced, 2> replaced_;
};

}}  // namespace csgi::v1
