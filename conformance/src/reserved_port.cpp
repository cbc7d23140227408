// reserved_port.cpp - see reserved_port.hpp.
#include "reserved_port.hpp"
#include "loopback.hpp"
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <random>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace csgi::conformance {

namespace {

/// Both are among them.
struct ports {
  std::uint32_t first, last;
  std::uint32_t size() const noexcept { return last < first ? 0 : last - first + 1; }
};

constexpr ports unprivileged{10'000, 65'535};       // below them, many have an owner by custom
constexpr std::uint32_t enough = 1'000;

/// What the system gives to clients, and to servers that ask for any port; all, where it does not say.
ports of_the_system() {
  ports given = unprivileged;
  std::ifstream setting("/proc/sys/net/ipv4/ip_local_port_range");
  if (!(setting >> given.first >> given.last)) return unprivileged;
  return given;
}

ports to_choose_from() {
  const ports given = of_the_system();
  for (const ports kept_back : {ports{given.last + 1, unprivileged.last}, ports{unprivileged.first, given.first - 1}})
    if (kept_back.size() >= enough) return kept_back;
  return unprivileged;
}

bool can_be_bound(std::uint16_t port) noexcept {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in where = loopback(port);
  const bool bound = ::bind(probe, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
  ::close(probe);
  return bound;
}

}  // namespace

reserved_port::reserved_port() {
  const ports all = to_choose_from();
  std::random_device chance;
  const std::uint32_t start = chance() % all.size();
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    number_ = static_cast<std::uint16_t>(all.first + (start + i) % all.size());
    if (reserve()) return;
  }
  throw std::system_error(EADDRINUSE, std::generic_category(), "no free port");
}

reserved_port::~reserved_port() { ::close(name_); }

/// By a name that the system forgets with its socket, and that is known where the port is: in one network namespace.
bool reserved_port::reserve() {
  const std::string name = "csgi-conformance port " + std::to_string(number_);
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  std::ranges::copy(name, where.sun_path + 1);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  name_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (name_ < 0) throw std::system_error(errno, std::generic_category(), "cannot reserve a port");
  if (::bind(name_, reinterpret_cast<const sockaddr*>(&where), size) == 0 && can_be_bound(number_)) return true;
  ::close(name_);
  return false;
}

}  // namespace csgi::conformance
