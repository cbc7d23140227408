// csgi/stop_on_signal.hpp - lets SIGINT and SIGTERM stop a server.
#pragma once
#include <csgi/server.hpp>
#include <array>
#include <chrono>
#include <csignal>

namespace csgi { inline namespace v1 {

/// While it lives, SIGINT and SIGTERM call stop() of one server: the first lets running requests finish, a second asks them to
/// end. A third ends the process at once, with a line on standard error: code that never comes back cannot be ended otherwise.
///
/// One that comes less than `same_wish` after the last that counted does not count: it is the same wish, told twice. Ctrl-C
/// comes from the terminal, and once more from a program around this one that passes it on, as timeout(1) does.
///
///   csgi::evented::server server(options);
///   const csgi::stop_on_signal stops(server);
///   server.run(app);
///
/// Lifetime:  `server` is borrowed while it lives. Its destructor puts back the signal handlers it found.
/// Threads:   one at a time in a process; an inner scope's takes over until it ends.
class stop_on_signal {
 public:
  static constexpr std::chrono::milliseconds same_wish{200};

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
