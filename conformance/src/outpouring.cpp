// outpouring.cpp - see outpouring.hpp.
#include "outpouring.hpp"
#include "loopback.hpp"
#include "unmet.hpp"
#include "waiting.hpp"
#include <array>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace csgi::conformance {

namespace {

constexpr std::size_t block_size = 64 * 1024;
constexpr std::uint64_t well_answered = 100'000;      // bytes
constexpr int tick = 50;                              // ms, at the end of which it notices that it is over

int connected_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in where = loopback(port);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0) return socket;
  ::close(socket);
  throw unmet("the server does not accept connections");
}

std::string block_of(const std::string& bytes) {
  std::string block;
  while (block.size() < block_size) block += bytes;
  return block;
}

}  // namespace

outpouring::outpouring(std::uint16_t port, const std::string& bytes, patience& wait)
    : socket_(connected_to(port)), thread_([this, block = block_of(bytes)] { pour(block); }) {
  if (wait_for(wait.now(), [this] { return taken_ >= well_answered; })) return;
  over_ = true;
  wait.late();
  throw unmet("who asks without end, as one of several, is not answered");
}

void outpouring::pour(std::string block) {
  std::string_view left = block;
  while (!over_) {
    pollfd state{socket_, POLLIN | POLLOUT, 0};
    if (::poll(&state, 1, tick) <= 0) continue;
    if ((state.revents & ~POLLOUT) != 0 && !take()) break;
    if ((state.revents & POLLOUT) == 0) continue;
    const auto sent = ::send(socket_, left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) left.remove_prefix(static_cast<std::size_t>(sent));
    if (left.empty()) left = block;
  }
  ::close(socket_);
}

/// False: the server has closed.
bool outpouring::take() {
  std::array<char, block_size> into;
  const auto got = ::recv(socket_, into.data(), into.size(), MSG_DONTWAIT);
  if (got <= 0) return false;
  taken_ += static_cast<std::uint64_t>(got);
  return true;
}

}  // namespace csgi::conformance
