// Ports for the servers under test, of which several run at a time.
#include "loopback.hpp"
#include "reserved_port.hpp"
#include <algorithm>
#include <doctest/doctest.h>
#include <list>
#include <set>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using csgi::conformance::reserved_port;

constexpr std::size_t many = 400;     // of some thousands: chosen by chance alone, two would be the same

std::set<std::uint16_t> numbers_of(const std::list<reserved_port>& ports) {
  std::set<std::uint16_t> numbers;
  for (const auto& each : ports) numbers.insert(each.number());
  return numbers;
}

/// How many of `taken` another process gets, too.
int shared_with_another_process(const std::set<std::uint16_t>& taken) {
  const pid_t other = ::fork();
  if (other == 0) {
    std::list<reserved_port> ports;
    int shared = 0;
    for (std::size_t i = 0; i < many; ++i) shared += taken.contains(ports.emplace_back().number()) ? 1 : 0;
    ::_exit(std::min(shared, 100));
  }
  int status = 0;
  REQUIRE(::waitpid(other, &status, 0) == other);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

bool bind(int socket, std::uint16_t port) {
  const sockaddr_in where = csgi::conformance::loopback(port);
  return ::bind(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
}

}  // namespace

TEST_SUITE("a reserved port") {
TEST_CASE("is nobody else's as long as it is reserved, in this process and in others") {
  std::list<reserved_port> ports;
  for (std::size_t i = 0; i < many; ++i) ports.emplace_back();
  const auto numbers = numbers_of(ports);
  CHECK(numbers.size() == many);
  CHECK(shared_with_another_process(numbers) == 0);
}

TEST_CASE("can be bound by who is told") {
  const reserved_port port;
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(bind(socket, port.number()));
  ::close(socket);
}

TEST_CASE("is none that somebody has") {
  std::list<reserved_port> first;
  std::list<int> sockets;
  for (std::size_t i = 0; i < many; ++i) {
    sockets.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(bind(sockets.back(), first.emplace_back().number()));
  }
  const auto taken = numbers_of(first);
  first.clear();
  CHECK(shared_with_another_process(taken) == 0);
  for (const int each : sockets) ::close(each);
}
}
