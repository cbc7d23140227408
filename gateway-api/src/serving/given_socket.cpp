// given_socket.cpp - see csgi/serving/given_socket.hpp.
#include <cerrno>
#include <csgi/serving/given_socket.hpp>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace csgi { inline namespace v1 {

namespace {

int value_of(int socket, int option) noexcept {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(socket, SOL_SOCKET, option, &value, &size) == 0 ? value : 0;
}

/// Unknown: it is not bound, or to something else.
endpoint::kind kind_of(int socket) noexcept {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return endpoint::kind::unknown;
  if (bound.ss_family == AF_UNIX) return size > sizeof bound.ss_family ? endpoint::kind::unix_socket : endpoint::kind::unknown;
  in_port_t port = 0;
  if (bound.ss_family == AF_INET) std::memcpy(&port, reinterpret_cast<char*>(&bound) + offsetof(sockaddr_in, sin_port), sizeof port);
  if (bound.ss_family == AF_INET6) std::memcpy(&port, reinterpret_cast<char*>(&bound) + offsetof(sockaddr_in6, sin6_port), sizeof port);
  return port != 0 ? endpoint::kind::ip : endpoint::kind::unknown;
}

}  // namespace

given_socket duplicate_of_socket(const server_options& options) {
  const auto type = kind_of(options.socket);
  if (type == endpoint::kind::unknown || value_of(options.socket, SO_TYPE) != SOCK_STREAM)
    throw std::invalid_argument("socket " + std::to_string(options.socket) + " is no stream socket that is bound");
  const int own = ::fcntl(options.socket, F_DUPFD_CLOEXEC, 3);
  if (own < 0) throw std::invalid_argument("socket " + std::to_string(options.socket) + " cannot be duplicated: " + ::strerrordesc_np(errno));
  ::fcntl(own, F_SETFL, ::fcntl(own, F_GETFL) | O_NONBLOCK);
  const int on = 1;
  ::setsockopt(own, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);    // accepted sockets inherit it; others than TCP's have no need
  return {own, type, value_of(own, SO_ACCEPTCONN) != 0};
}

}}  // namespace csgi::v1
