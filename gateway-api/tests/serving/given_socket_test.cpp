#include <csgi/serving/given_socket.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

using csgi::duplicate_of_socket;
using csgi::endpoint;

namespace {

struct owned {
  explicit owned(int given) : number(given) {}
  owned(const owned&) = delete;
  owned& operator=(const owned&) = delete;
  ~owned() { ::close(number); }
  const int number;
};

sockaddr_in loopback() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void bind(const owned& socket) {
  const auto address = loopback();
  REQUIRE(::bind(socket.number, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

std::string refusal(int socket) {
  try {
    const owned duplicate(duplicate_of_socket({.socket = socket}).descriptor);
  } catch (const std::invalid_argument& refused) {
    return refused.what();
  }
  return "taken";
}

}  // namespace

TEST_SUITE("given_socket") {
TEST_CASE("a socket that is bound is duplicated, not to be inherited and not to block; whether it listens is told") {
  const owned socket(::socket(AF_INET, SOCK_STREAM, 0));
  bind(socket);
  for (const bool listens : {false, true}) {
    if (listens) REQUIRE(::listen(socket.number, 1) == 0);
    const auto given = duplicate_of_socket({.socket = socket.number});
    const owned duplicate(given.descriptor);
    CHECK(duplicate.number != socket.number);
    CHECK(given.type == endpoint::kind::ip);
    CHECK(given.listens == listens);
    CHECK((::fcntl(duplicate.number, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK((::fcntl(duplicate.number, F_GETFL) & O_NONBLOCK) != 0);
  }
}

TEST_CASE("what is accepted from the duplicate sends at once, and so it does when the socket that was given is closed") {
  auto given = csgi::given_socket{};
  auto address = loopback();
  {
    const owned socket(::socket(AF_INET, SOCK_STREAM, 0));
    bind(socket);
    REQUIRE(::listen(socket.number, 1) == 0);
    given = duplicate_of_socket({.socket = socket.number});
  }
  const owned duplicate(given.descriptor), client(::socket(AF_INET, SOCK_STREAM, 0));
  socklen_t size = sizeof address;
  REQUIRE(::getsockname(duplicate.number, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  REQUIRE(::connect(client.number, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  pollfd waiting{duplicate.number, POLLIN, 0};
  REQUIRE(::poll(&waiting, 1, 30'000) == 1);
  const owned accepted(::accept(duplicate.number, nullptr, nullptr));
  int on = 0;
  size = sizeof on;
  ::getsockopt(accepted.number, IPPROTO_TCP, TCP_NODELAY, &on, &size);
  CHECK(on != 0);
}

TEST_CASE("what is no stream socket that is bound is refused by its number") {
  const owned file(::open("/dev/null", O_RDONLY)), unbound(::socket(AF_INET, SOCK_STREAM, 0)), datagrams(::socket(AF_INET, SOCK_DGRAM, 0));
  bind(datagrams);
  const owned unnamed(::socket(AF_UNIX, SOCK_STREAM, 0));
  for (const owned* each : {&file, &unbound, &datagrams, &unnamed})
    CHECK(refusal(each->number) == "socket " + std::to_string(each->number) + " is no stream socket that is bound");
  CHECK(refusal(1'000'000) == "socket 1000000 is no stream socket that is bound");
}
}
