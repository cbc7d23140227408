// socket_address.cpp - see csgi/posix/socket_address.hpp.
#include <arpa/inet.h>
#include <csgi/posix/socket_address.hpp>
#include <cstring>
#include <netinet/in.h>
#include <sys/un.h>

namespace csgi::posix {

namespace {

template <class Address>
Address as(const sockaddr_storage& storage) noexcept {
  Address address;
  std::memcpy(&address, &storage, sizeof address);
  return address;
}

}  // namespace

socket_address::socket_address(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    const auto ip = as<sockaddr_in>(address);
    text_ = ::inet_ntop(AF_INET, &ip.sin_addr, text, sizeof text);
    port_ = ntohs(ip.sin_port);
    type_ = csgi::endpoint::kind::ip;
  } else if (address.ss_family == AF_INET6) {
    const auto ip = as<sockaddr_in6>(address);
    text_ = ::inet_ntop(AF_INET6, &ip.sin6_addr, text, sizeof text);
    port_ = ntohs(ip.sin6_port);
    type_ = csgi::endpoint::kind::ip;
  } else if (address.ss_family == AF_UNIX) {
    const auto path = as<sockaddr_un>(address);     // which need not end in 0
    text_.assign(path.sun_path, ::strnlen(path.sun_path, sizeof path.sun_path));
    type_ = csgi::endpoint::kind::unix_socket;
  }
}

socket_address socket_address::local_of(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  return socket_address(storage);
}

}  // namespace csgi::posix
