// floor_listener.hpp - what the floors begin with: a socket of this machine alone, whose address is told on standard output, and the
// wait for its clients.
#pragma once
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

inline constexpr std::string_view hello_answer =
    "HTTP/1.1 200 OK\r\n"
    "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
    "Server: csgi\r\n"
    "Content-Type: text/plain\r\n"
    "Content-Length: 6\r\n"
    "\r\n"
    "Hello\n";

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

/// Level-triggered, for reading.
inline void watch(int set, int descriptor) {
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  wanted.data.fd = descriptor;
  epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &wanted);
}

/// The next client that has come, which does not wait and has no Nagle's algorithm; negative where there is none.
inline int accepted_by(int listener) {
  const int client = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
  const int on = 1;
  if (client >= 0) setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return client;
}

/// For ever: calls `opens(client)` for each that comes, and `readable(client)` where it has sent something or has gone.
template <class Opens, class Readable>
[[noreturn]] void serve_clients_of(int listener, Opens opens, Readable readable) {
  const int set = epoll_create1(0);
  watch(set, listener);
  std::array<epoll_event, 256> events;
  for (;;) {
    const int count = epoll_wait(set, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      if (descriptor != listener) {
        readable(descriptor);
        continue;
      }
      for (int client; (client = accepted_by(listener)) >= 0;) {
        opens(client);
        watch(set, client);
      }
    }
  }
}
