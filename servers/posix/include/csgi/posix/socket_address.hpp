// csgi/posix/socket_address.hpp - a socket's address as the text that requests show.
#pragma once
#include <csgi/endpoint.hpp>
#include <sys/socket.h>

namespace csgi::posix {

/// Owns the text its endpoint views.
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
  char text_[46] = {};  // the longest IPv6 address
};

}  // namespace csgi::posix
