// crowd.cpp - a crowd from an address of its own, which says nothing.
#include "kinds.hpp"
#include "waiting.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace csgi::soak {

namespace {

sockaddr_in at(std::uint32_t address, std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(address);
  where.sin_port = htons(port);
  return where;
}

class crowd {
 public:
  crowd(std::uint32_t from, std::uint16_t port, std::size_t size) {
    for (; size > 0; --size) {
      const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockets_.push_back({one, POLLIN, 0});
      const sockaddr_in own = at(from, 0), to = at(INADDR_LOOPBACK, port);
      if (::bind(one, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
          ::connect(one, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        refused_ = true;
    }
  }
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;
  ~crowd() {
    for (const auto& each : sockets_) {
      const linger at_once{1, 0};
      ::setsockopt(each.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      ::close(each.fd);
    }
  }

  /// Whether one did not get in at all.
  bool refused() const noexcept { return refused_; }

  /// How many have been answered, or their connection closed.
  std::size_t answered() {
    ::poll(sockets_.data(), sockets_.size(), 0);
    return static_cast<std::size_t>(std::ranges::count_if(sockets_, [](const pollfd& each) { return each.revents != 0; }));
  }

  /// Whether these are all that was said.
  bool heard_only(std::string_view words) const {
    return std::ranges::all_of(sockets_, [&](const pollfd& each) {
      char block[256];
      const auto size = ::recv(each.fd, block, sizeof block, MSG_DONTWAIT);
      const std::string_view said(block, size > 0 ? static_cast<std::size_t>(size) : 0);
      return said.empty() || said.starts_with(words);
    });
  }

 private:
  std::vector<pollfd> sockets_;
  bool refused_ = false;
};

}  // namespace

void crowd_in(visitor& v) {
  const auto too_many = v.chance.from(1, most_connections / 4);
  const std::uint32_t from = INADDR_LOOPBACK + static_cast<std::uint32_t>(v.chance.from(256, 60'000));
  crowd all(from, v.at.port, most_connections + too_many);
  v.count.injected();
  if (all.refused()) object("a connection is not accepted");
  if (!conformance::wait_for(patience_with_it, [&] { return all.answered() >= too_many; }))
    object("of " + std::to_string(too_many) + " connections too many " + std::to_string(all.answered()) + " are refused");
  if (v.chance.one_in(2)) return v.count.refused_as_expected();
  if (!conformance::wait_for(patience_with_it, [&] { return all.answered() == most_connections + too_many; }))
    object("connections that say nothing are kept");
  if (!all.heard_only("HTTP/1.1 503 ")) object("connections that say nothing get an answer that is not 503");
  v.count.refused_as_expected();
}

}  // namespace csgi::soak
