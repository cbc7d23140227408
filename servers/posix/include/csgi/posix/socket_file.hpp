// csgi/posix/socket_file.hpp - a UNIX socket that listens at a path, and leaves nothing behind.
#pragma once
#include <csgi/posix/descriptor.hpp>
#include <string>
#include <sys/types.h>

namespace csgi::posix {

/// Listens from its constructor on, so that nobody takes it for what a server that was killed has left behind: that is replaced.
///
/// Lifetime:  its destructor removes the path, unless another socket is there by then, and only in the process that has made it:
///            a child that was forked has a duplicate of the socket, not the path.
class socket_file {
 public:
  /// `mode`: who may connect, as permission bits that need to be able to write.
  ///
  /// Errors:    std::system_error that names the path: address_in_use when somebody listens there, file_exists when it is no socket,
  ///            operation_would_block when another program keeps its directory locked, which is waited for for two seconds.
  socket_file(std::string path, ::mode_t mode);
  socket_file(const socket_file&) = delete;
  socket_file& operator=(const socket_file&) = delete;
  ~socket_file() { remove(); }

  int socket() const noexcept { return socket_.get(); }

  /// Takes no connections any more, unless others have duplicates of the socket.
  void close() noexcept { socket_.close(); }

 private:
  void remove() const noexcept;
  void bind(::mode_t mode);
  [[noreturn]] void fail(int error, const char* because = "") const;

  std::string path_;
  descriptor socket_;
  descriptor made_;       // the file, so that no other one gets its number
  ::pid_t maker_;
};

}  // namespace csgi::posix
