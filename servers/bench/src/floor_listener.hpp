// floor_listener.hpp - what the floors begin with: a socket of this machine alone, whose address is told on standard output.
#pragma once
#include <arpa/inet.h>
#include <sys/socket.h>
#include <cstdio>
#include <cstdlib>

[[noreturn]] inline void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

inline int listener(const char* name) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (listen(descriptor, 1024) != 0) fail("listen");
  socklen_t size = sizeof address;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("http://127.0.0.1:%u – %s\n", ntohs(address.sin_port), name);
  std::fflush(stdout);
  return descriptor;
}
