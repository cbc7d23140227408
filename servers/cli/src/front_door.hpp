// front_door.hpp - the socket that the command listens with, where it is not for the server to bind one.
#pragma once
#include <csgi/posix/descriptor.hpp>
#include <csgi/posix/listener.hpp>
#include <csgi/posix/socket_file.hpp>
#include <memory>
#include <optional>
#include "command_line.hpp"

namespace csgi::cli {

/// One that was handed over, a UNIX socket, or for several processes one that is bound to host and port.
///
/// There is one queue of connections, whichever worker takes them. With a socket for each (SO_REUSEPORT) the kernel deals them
/// out evenly before anybody has asked for them: those that one worker has in its queue wait while it is busy and others are not,
/// and are reset when it dies or is replaced. From one queue a busy worker takes less, and nothing is lost while any of them lives.
///
/// Lifetime:  connections are refused when it is closed here and in every process that has it from here.
class front_door {
 public:
  /// Errors:    usage_error; std::system_error when the address cannot be had.
  explicit front_door(const command& asked);

  /// -1: there is none.
  int socket() const noexcept;
  void close() noexcept;

 private:
  posix::descriptor handed_over_;
  std::unique_ptr<posix::socket_file> file_;
  std::optional<posix::listener> bound_;
};

}  // namespace csgi::cli
