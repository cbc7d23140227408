// attackers.cpp - see attackers.hpp.
#include "attackers.hpp"
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

constexpr int steps = 100;      // in a second, each of as many members as it takes that everybody has one

void set(int socket, int level, int option, int value) { setsockopt(socket, level, option, &value, sizeof value); }

sockaddr_in loopback(unsigned last, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl((127u << 24) + last);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

client_socket::client_socket(std::uint16_t port, const socket_options& wanted) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  set(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
  set(socket_, SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  if (wanted.receive_buffer > 0) set(socket_, SOL_SOCKET, SO_RCVBUF, wanted.receive_buffer);
  const timeval patience{wanted.patience.count() > 0 ? wanted.patience.count() : 5, 0};
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) setsockopt(socket_, SOL_SOCKET, option, &patience, sizeof patience);
  const sockaddr_in from = loopback(wanted.source, 0), to = loopback(1, port);
  if (socket_ >= 0 && bind(socket_, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0 &&
      connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0)
    return;
  const int error = errno;
  close(socket_);
  throw std::system_error(error, std::generic_category(), "connect");
}

client_socket::~client_socket() { close(socket_); }

bool client_socket::send(std::string_view bytes) const {
  return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

bool client_socket::receive(std::size_t most) const {
  std::array<char, 256> into;
  const auto got = recv(socket_, into.data(), std::min(most, into.size()), MSG_DONTWAIT);
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

std::string client_socket::ask(std::string_view request) const {
  std::string answer;
  if (!send(request)) return answer;
  for (;;) {
    std::array<char, 4096> into;
    const auto got = recv(socket_, into.data(), into.size(), 0);
    if (got <= 0) return {};
    answer.append(into.data(), static_cast<std::size_t>(got));
    const auto end = answer.find("\r\n\r\n"), length = answer.find("ontent-Length: ");
    if (end == std::string::npos || length > end) continue;
    if (answer.size() >= end + 4 + std::stoul(answer.substr(length + 15, 8))) return answer;
  }
}

// --- attackers ----------------------------------------------------------------------------------------------------

struct attackers::member {
  member(std::uint16_t p, const troop& t, unsigned from) : port(p), how(t.how), path(t.path), source(from) {}

  void step() {
    try {
      if (!socket) begin();
      else if (!go_on()) socket.reset();
    } catch (const std::system_error&) {    // next time
      socket.reset();
    }
  }

  void begin() {
    const bool reads = how == troop::habit::slow_reader;
    socket.emplace(port, socket_options{.receive_buffer = reads ? 4096 : 0, .source = source});
    const std::string line = (how == troop::habit::slow_body ? "POST " : "GET ") + path + " HTTP/1.1\r\nHost: slow\r\n";
    if (how == troop::habit::slow_head) socket->send(line + "X-Slow: ");
    else if (how == troop::habit::slow_body) socket->send(line + "Content-Length: 1000\r\n\r\n");
    else socket->send(line + "\r\n");
  }

  bool go_on() const {
    if (how == troop::habit::slow_head || how == troop::habit::slow_body)
      if (!socket->send("x")) return false;
    return socket->receive(256);
  }

  std::uint16_t port;
  troop::habit how;
  std::string path;
  unsigned source;
  std::optional<client_socket> socket;
};

attackers::attackers(std::uint16_t port, const std::vector<troop>& troops) {
  for (const troop& each : troops)
    for (std::size_t i = 0; i < each.count; ++i)
      members_.push_back(std::make_unique<member>(port, each, 2 + static_cast<unsigned>(members_.size() / 5'000)));
  for (const auto& each : members_) each->step();
  if (!members_.empty()) thread_ = std::jthread([this](const std::stop_token& over) { attack(over); });
}

attackers::~attackers() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void attackers::attack(const std::stop_token& over) {
  for (std::size_t step = 0; !over.stop_requested(); step = (step + 1) % steps) {
    for (std::size_t i = step; i < members_.size(); i += steps) members_[i]->step();
    std::this_thread::sleep_for(10ms);
  }
}
