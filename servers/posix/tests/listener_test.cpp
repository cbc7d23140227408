#include <csgi/posix/listener.hpp>
#include <algorithm>
#include <arpa/inet.h>
#include <csgi/posix/socket_file.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <functional>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <ostream>
#include <poll.h>
#include <sys/un.h>
#include <system_error>

using namespace csgi;
using namespace csgi::posix;

namespace {

std::uint16_t port_of(const listener& door) { return door.address().endpoint().port; }

descriptor connected_to(std::uint16_t port) {
  descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) socket.close();
  return socket;
}

bool has_waiting(const listener& door) {
  pollfd state{door.socket(), POLLIN, 0};
  return ::poll(&state, 1, 0) > 0;
}

bool has_ipv6() {
  const descriptor probe(::socket(AF_INET6, SOCK_STREAM, 0));
  sockaddr_in6 loopback{};
  loopback.sin6_family = AF_INET6;
  loopback.sin6_addr = in6addr_loopback;
  return probe && ::bind(probe.get(), reinterpret_cast<const sockaddr*>(&loopback), sizeof loopback) == 0;
}

std::string refusal(const std::function<void()>& act, std::errc code) {
  try {
    act();
  } catch (const std::system_error& e) {
    CHECK(e.code() == code);
    return e.what();
  }
  return "";
}

}  // namespace

TEST_SUITE("listener") {
TEST_CASE("port 0 is any free port, which is known before anybody listens") {
  auto one = bind_listeners("127.0.0.1", 0, 1), other = bind_listeners("127.0.0.1", 0, 1);
  REQUIRE(one.size() == 1);
  CHECK(port_of(one[0]) != 0);
  CHECK(port_of(one[0]) != port_of(other[0]));
  CHECK(one[0].address().endpoint().address == "127.0.0.1");
  CHECK_FALSE(connected_to(port_of(one[0])));
}

TEST_CASE("an accepted connection does not block, is not inherited, and sends at once") {
  auto doors = bind_listeners("127.0.0.1", 0, 1);
  doors[0].listen();
  incoming accepted;
  CHECK(doors[0].accept(accepted) == listener::result::none);
  const descriptor client = connected_to(port_of(doors[0]));
  REQUIRE(client);
  REQUIRE(doors[0].accept(accepted) == listener::result::accepted);
  CHECK((::fcntl(accepted.socket.get(), F_GETFL) & O_NONBLOCK) != 0);
  CHECK((::fcntl(accepted.socket.get(), F_GETFD) & FD_CLOEXEC) != 0);
  int on = 0;
  socklen_t size = sizeof on;
  ::getsockopt(accepted.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, &size);
  CHECK(on != 0);
  CHECK(accepted.peer.endpoint().type == endpoint::kind::ip);
  CHECK(accepted.peer.endpoint().address == "127.0.0.1");
  CHECK(accepted.peer.endpoint().port == socket_address::local_of(client.get()).endpoint().port);
}

TEST_CASE("the end of a connection on this side is the address that it came to, though the listener is bound to all") {
  for (const char* const bound : {"127.0.0.1", "0.0.0.0", "::", "::ffff:0.0.0.0"}) {
    if (std::string_view(bound).starts_with(':') && !has_ipv6()) continue;
    CAPTURE(bound);
    auto doors = bind_listeners(bound, 0, 1);
    doors[0].listen();
    const descriptor client = connected_to(port_of(doors[0]));
    REQUIRE(client);
    incoming accepted;
    REQUIRE(doors[0].accept(accepted) == listener::result::accepted);
    const std::string_view local = accepted.local.endpoint().address;
    CHECK(local.substr(local.rfind(':') + 1) == "127.0.0.1");       // "::ffff:127.0.0.1", where IPv4 comes to IPv6
    CHECK(accepted.local.endpoint().port == port_of(doors[0]));
    CHECK(doors[0].address().endpoint().address == bound);
  }
}

TEST_CASE("a listener that is closed, or not listening, accepts nothing, and only the latter is to be asked again") {
  auto doors = bind_listeners("127.0.0.1", 0, 1);
  incoming accepted;
  CHECK(doors[0].accept(accepted) == listener::result::not_now);
  doors[0].close();
  CHECK(doors[0].accept(accepted) == listener::result::none);
}

TEST_CASE("several listeners share a port, and every connection comes to one of them") {
  auto doors = bind_listeners("127.0.0.1", 0, 3);
  REQUIRE(doors.size() == 3);
  for (auto& door : doors) {
    CHECK(port_of(door) == port_of(doors[0]));
    door.listen();
  }
  for (int i = 0; i < 20; ++i) {
    const descriptor client = connected_to(port_of(doors[0]));
    REQUIRE(client);
    incoming accepted;
    const auto door = std::find_if(doors.begin(), doors.end(), has_waiting);
    REQUIRE(door != doors.end());
    CHECK(door->accept(accepted) == listener::result::accepted);
  }
}

TEST_CASE("a port that another server listens on is refused by name, however many loops either has") {
  for (const std::size_t first : {1u, 2u}) {
    for (const std::size_t second : {1u, 2u}) {
      auto doors = bind_listeners("127.0.0.1", 0, first);
      for (auto& door : doors) door.listen();
      const auto port = port_of(doors[0]);
      const auto why = refusal([&] { bind_listeners("127.0.0.1", port, second); }, std::errc::address_in_use);
      CHECK(why.find("cannot listen on 127.0.0.1:" + std::to_string(port)) == 0);
    }
  }
}

TEST_CASE("a port that another server has bound and does not listen on yet is refused too") {
  for (const std::size_t first : {1u, 2u}) {
    for (const std::size_t second : {1u, 2u}) {
      auto doors = bind_listeners("127.0.0.1", 0, first);
      const auto port = port_of(doors[0]);
      CHECK(refusal([&] { bind_listeners("127.0.0.1", port, second); }, std::errc::address_in_use) != "");
    }
  }
}

TEST_CASE("a port is free again as soon as its server has gone, connections or not") {
  for (const std::size_t count : {1u, 3u}) {
    std::uint16_t port = 0;
    {
      auto doors = bind_listeners("127.0.0.1", 0, 1);
      doors[0].listen();
      port = port_of(doors[0]);
      const descriptor client = connected_to(port);
      incoming accepted;
      REQUIRE(doors[0].accept(accepted) == listener::result::accepted);
      accepted.socket.close();   // first, so that it is this side that remembers the connection
    }
    auto again = bind_listeners("127.0.0.1", port, count);
    REQUIRE(again.size() == count);
    for (auto& door : again) door.listen();
    CHECK(connected_to(port));
  }
}

TEST_CASE("listeners of a given socket take connections from one queue, which does not end with them") {
  auto owner = bind_listeners("127.0.0.1", 0, 1);
  const server_options options{.socket = owner[0].socket()};
  const auto port = port_of(owner[0]);
  {
    auto doors = listeners_for(options, 2);
    REQUIRE(doors.size() == 2);
    CHECK_FALSE(connected_to(port));
    for (auto& door : doors) door.listen();
    for (auto& door : doors) {
      CHECK(port_of(door) == port);
      const descriptor client = connected_to(port);
      REQUIRE(client);
      CHECK(has_waiting(doors[0]));
      CHECK(has_waiting(doors[1]));
      incoming accepted;
      CHECK(door.accept(accepted) == listener::result::accepted);
      for (auto& each : doors) CHECK(each.accept(accepted) == listener::result::none);
    }
  }
  const descriptor waits = connected_to(port);
  REQUIRE(waits);
  auto successor = listeners_for(options, 1);
  incoming accepted;
  CHECK(successor[0].accept(accepted) == listener::result::accepted);
}

TEST_CASE("of a shared queue a listener takes one, gives way when there are more, and takes more each time as nobody else does") {
  auto owner = bind_listeners("127.0.0.1", 0, 1);
  auto doors = listeners_for({.socket = owner[0].socket()}, 1);
  listener& door = doors[0];
  door.listen();
  std::vector<descriptor> clients;
  for (int i = 0; i < 7; ++i) clients.push_back(connected_to(port_of(door)));
  const auto take_all = [&] {
    incoming accepted;
    const int most = door.most_at_once();
    for (int i = 0; i < most; ++i) REQUIRE(door.accept(accepted) == listener::result::accepted);
    return most;
  };
  CHECK(take_all() == 1);
  CHECK(door.gives_way());
  CHECK(take_all() == 2);
  CHECK(door.gives_way());
  CHECK(take_all() == 3);
  CHECK(door.gives_way());
  CHECK(door.most_at_once() == 4);
  incoming accepted;
  CHECK(door.accept(accepted) == listener::result::accepted);
  CHECK(door.accept(accepted) == listener::result::none);
  CHECK(door.most_at_once() == 1);
  CHECK_FALSE(door.gives_way());
}

TEST_CASE("of a queue of its own a listener takes many, and gives no way") {
  auto doors = bind_listeners("127.0.0.1", 0, 1);
  doors[0].listen();
  const descriptor client = connected_to(port_of(doors[0]));
  CHECK(doors[0].most_at_once() > 1);
  CHECK_FALSE(doors[0].gives_way());
}

TEST_CASE("clients of a UNIX socket are known by its path") {
  const std::string path = "/tmp/csgi-listener-test-" + std::to_string(::getpid());
  const socket_file file(path, 0600);
  auto doors = listeners_for({.socket = file.socket()}, 1);
  doors[0].listen();
  CHECK(doors[0].address().endpoint().type == endpoint::kind::unix_socket);
  CHECK(doors[0].address().endpoint().address == path);
  const descriptor client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  path.copy(to.sun_path, sizeof to.sun_path - 1);
  REQUIRE(::connect(client.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  incoming accepted;
  REQUIRE(doors[0].accept(accepted) == listener::result::accepted);
  CHECK(accepted.peer.endpoint().type == endpoint::kind::unix_socket);
  CHECK(accepted.peer.endpoint().address == path);
}

TEST_CASE("a host that is nobody's is refused by name") {
  CHECK(refusal([] { bind_listeners("192.0.2.1", 0, 1); }, std::errc::address_not_available)
            .find("cannot listen on 192.0.2.1:0") == 0);
  CHECK(refusal([] { bind_listeners("host.invalid", 80, 1); }, std::errc::address_not_available)
            .find("cannot listen on host.invalid:80") == 0);
  CHECK(refusal([] { bind_listeners("", 0, 1); }, std::errc::address_not_available) != "");
}

TEST_CASE("a name is resolved to an address that can be had") {
  auto doors = bind_listeners("localhost", 0, 1);
  CHECK(port_of(doors[0]) != 0);
}

TEST_CASE("IPv6 is an address like another") {
  if (!has_ipv6()) {
    MESSAGE("there is no IPv6 here");
    return;
  }
  auto doors = bind_listeners("::1", 0, 2);
  CHECK(doors[0].address().endpoint().address == "::1");
  CHECK(port_of(doors[0]) == port_of(doors[1]));
  doors[0].listen();
  CHECK(refusal([&] { bind_listeners("::1", port_of(doors[0]), 1); }, std::errc::address_in_use).find("cannot listen on [::1]:") == 0);
}
}
