// csgi/posix/socket_address.hpp - a socket's address as the text that requests show.
#pragma once
#include <csgi/endpoint.hpp>
#include <string>
#include <sys/socket.h>

namespace csgi::posix {

/// Owns the text its endpoint views. A UNIX socket without a name, or with an abstract one, has an empty address.
class socket_address {
 public:
  socket_address() = default;
  /// Errors:    std::bad_alloc, hardly: an IPv4 address lies in here.
  explicit socket_address(const sockaddr_storage& address);

  /// Where `socket` is bound to; of one that is connected, the end on this side. Errors: std::bad_alloc.
  static socket_address local_of(int socket);

  /// Lifetime:  views into this.
  csgi::endpoint endpoint() const noexcept { return {type_, port_, text_}; }

  /// Whether it stands for every address of the machine.
  bool any() const noexcept {
    return type_ == csgi::endpoint::kind::ip && (text_ == "0.0.0.0" || text_ == "::" || text_ == "::ffff:0.0.0.0");
  }

 private:
  csgi::endpoint::kind type_ = csgi::endpoint::kind::unknown;
  std::uint16_t port_ = 0;
  std::string text_;
};

}  // namespace csgi::posix
