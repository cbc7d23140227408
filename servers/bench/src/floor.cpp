// The floor: the least a server can do on this machine. One thread, one epoll set; it looks for the empty line that
// ends a head and sends one fixed answer for each. Nothing is parsed, limited or checked.
#include "floor_listener.hpp"
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\n"
    "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
    "Server: csgi\r\n"
    "Content-Type: text/plain\r\n"
    "Content-Length: 6\r\n"
    "\r\n"
    "Hello\n";
constexpr std::string_view head_end = "\r\n\r\n";

// How many heads end in `bytes`; `matched` is how much of a head's end the connection's earlier bytes were.
std::size_t heads_in(std::string_view bytes, std::size_t& matched) {
  std::size_t heads = 0;
  while (!bytes.empty()) {
    if (matched == 0) {
      const auto next = bytes.find(head_end);
      if (next != std::string_view::npos) {
        ++heads;
        bytes.remove_prefix(next + head_end.size());
        continue;
      }
      bytes.remove_prefix(bytes.size() - std::min(bytes.size(), head_end.size() - 1));
    }
    for (; !bytes.empty() && matched < head_end.size(); bytes.remove_prefix(1)) {
      if (bytes.front() == head_end[matched]) ++matched;
      else matched = bytes.front() == '\r' ? 1 : 0;
    }
    if (matched == head_end.size()) {
      ++heads;
      matched = 0;
    }
  }
  return heads;
}

void watch(int set, int descriptor) {
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  wanted.data.fd = descriptor;
  epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &wanted);
}

}  // namespace

int main() {
  const int accepting = listener("floor");
  const int set = epoll_create1(0);
  watch(set, accepting);

  std::vector<std::size_t> matched;  // by descriptor
  std::vector<char> input(64 * 1024);
  std::string output;
  std::array<epoll_event, 256> events;
  for (;;) {
    const int count = epoll_wait(set, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      if (descriptor == accepting) {
        for (int client; (client = accept4(accepting, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
          const int on = 1;
          setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          if (matched.size() <= static_cast<std::size_t>(client)) matched.resize(static_cast<std::size_t>(client) + 1);
          matched[static_cast<std::size_t>(client)] = 0;
          watch(set, client);
        }
        continue;
      }
      const auto size = recv(descriptor, input.data(), input.size(), 0);
      if (size <= 0) {
        close(descriptor);
        continue;
      }
      const std::string_view bytes(input.data(), static_cast<std::size_t>(size));
      const auto heads = heads_in(bytes, matched[static_cast<std::size_t>(descriptor)]);
      output.clear();
      for (std::size_t each = 0; each < heads; ++each) output += answer;
      // A client that does not take its answers is of no use here.
      if (!output.empty() && send(descriptor, output.data(), output.size(), MSG_NOSIGNAL) !=
                                 static_cast<ssize_t>(output.size()))
        close(descriptor);
    }
  }
}
