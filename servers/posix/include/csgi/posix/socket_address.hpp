// csgi/posix/socket_address.hpp - a socket's address as the text that requests show.
#pragma once
#include <csgi/endpoint.hpp>
#include <sys/socket.h>
#include <sys/un.h>

namespace csgi::posix {

/// Owns the text its endpoint views. A UNIX socket without a name, or with an abstract one, has an empty address.
class socket_address {
 public:
  socket_address() = default;
  explicit socket_address(const sockaddr_storage& address) noexcept;

  /// Where `socket` is bound to.
  static socket_address local_of(int socket) noexcept;

  csgi::endpoint endpoint() const noexcept { return {type_, port_, text_}; }

 private:
  csgi::endpoint::kind type_ = csgi::endpoint::kind::unknown;
  std::uint16_t port_ = 0;
  char text_[sizeof sockaddr_un::sun_path + 1] = {};  // the longest there is: a UNIX socket's path, which need not end in 0
};

}  // namespace csgi::posix
