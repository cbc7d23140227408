// loopback.hpp - where the servers under test listen.
#pragma once
#include <arpa/inet.h>
#include <cstdint>
#include <netinet/in.h>

namespace csgi::conformance {

inline sockaddr_in loopback(std::uint16_t port) noexcept {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port = htons(port);
  return where;
}

}  // namespace csgi::conformance
