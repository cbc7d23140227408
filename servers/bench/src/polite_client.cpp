#include "polite_client.hpp"
#include <array>
#include <cerrno>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace csgi::bench {

namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

std::uint16_t port_of(std::string_view url) {
  const auto colon = url.rfind(':');
  std::uint16_t port = 0;
  if (colon != std::string_view::npos) std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
  if (port == 0) throw std::runtime_error("the server does not say where it is: " + std::string(url));
  return port;
}

polite_client::polite_client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) fail("no socket");
  const timeval patience{30, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return;
  const int error = errno;
  ::close(socket_);
  errno = error;
  fail("cannot connect");
}

polite_client::polite_client(polite_client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), answer_(std::move(other.answer_)) {}

polite_client::~polite_client() {
  if (socket_ < 0) return;
  const linger reset{1, 0};       // thousands of connections leave nothing behind that way
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  ::close(socket_);
}

void polite_client::ask(std::string_view request) {
  if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) fail("cannot ask");
  do {
    std::array<char, 16 * 1024> block;
    const auto size = ::recv(socket_, block.data(), block.size(), 0);
    if (size < 0) fail("no answer");
    if (size == 0) throw std::runtime_error("the server closed before its answer was whole");
    if (answer_.take({block.data(), static_cast<std::size_t>(size)}) != static_cast<std::size_t>(size))
      throw std::runtime_error("the server says more than it was asked for");
  } while (!answer_.whole());
  if (answer_.status() != 200) throw std::runtime_error("the server answers " + std::to_string(answer_.status()));
}

}  // namespace csgi::bench
