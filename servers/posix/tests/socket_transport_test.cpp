#include <csgi/posix/socket_transport.hpp>
#include <csgi/posix/signal_mask.hpp>
#include <cerrno>
#include <cstdio>
#include <doctest/doctest.h>
#include <string>
#include <sys/socket.h>

using namespace csgi;
using namespace csgi::posix;
using state = csgi::http1::io_result::state;

namespace {

struct pair {
  socket_transport here;
  descriptor there;

  pair() : here(descriptor(make(0))), there(sockets[1]) {}

  std::string received(std::size_t most = 1 << 20) {
    std::string bytes(most, '\0');
    const auto got = ::recv(there.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
  void send(std::string_view bytes) { CHECK(::send(there.get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size())); }

 private:
  int sockets[2];
  int make(int which) {
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets) == 0);
    return sockets[which];
  }
};

}  // namespace

TEST_SUITE("socket_transport") {
TEST_CASE("receive() gives what is there, would_block for nothing, closed for the end") {
  pair sockets;
  char room[8];
  CHECK(sockets.here.receive(room).now == state::would_block);
  sockets.send("0123456789");
  auto got = sockets.here.receive(room);
  CHECK(got.now == state::done);
  CHECK(std::string_view(room, got.bytes) == "01234567");
  got = sockets.here.receive(room);
  CHECK(std::string_view(room, got.bytes) == "89");
  CHECK_FALSE(sockets.here.peer_closed());
  ::shutdown(sockets.there.get(), SHUT_WR);
  CHECK(sockets.here.peer_closed());
  CHECK(sockets.here.receive(room).now == state::closed);
}

TEST_CASE("send() joins its three pieces, any of which may be empty") {
  pair sockets;
  const std::string_view a = "aa", b = "bbb", c = "c", none;
  CHECK(sockets.here.send(a, b, c).bytes == 6);
  CHECK(sockets.received() == "aabbbc");
  CHECK(sockets.here.send(a, none, none).bytes == 2);
  CHECK(sockets.here.send(none, b, none).bytes == 3);
  CHECK(sockets.here.send(none, none, c).bytes == 1);
  CHECK(sockets.received() == "aabbbc");
}

TEST_CASE("send() gives would_block when the peer takes no more, and failed when it has gone") {
  const without_sigpipe quiet;
  pair sockets;
  const std::string much(1 << 20, 'x');
  auto sent = sockets.here.send(much, {}, {});
  CHECK(sent.now == state::done);
  CHECK(sent.bytes < much.size());
  while (sent.now == state::done) sent = sockets.here.send(much, {}, {});
  CHECK(sent.now == state::would_block);
  sockets.there.close();
  CHECK(sockets.here.send(much, {}, {}).now == state::failed);
  CHECK(sockets.here.peer_closed());
}

TEST_CASE("send_file() sends a stretch of a file, tells its end, and a file that cannot be read from a dead peer") {
  const without_sigpipe quiet;
  pair sockets;
  std::FILE* file = std::tmpfile();
  std::fputs("0123456789", file);
  std::fflush(file);
  const int number = ::fileno(file);
  ::lseek(number, 3, SEEK_SET);
  auto sent = sockets.here.send_file(number, 2, 4);
  CHECK(sent.now == state::done);
  CHECK(sent.bytes == 4);
  CHECK(sockets.received() == "2345");
  CHECK(::lseek(number, 0, SEEK_CUR) == 3);
  CHECK(sockets.here.send_file(number, 8, 100).bytes == 2);
  CHECK(sockets.here.send_file(number, 10, 1).now == state::closed);
  CHECK(sockets.here.send_file(-1, 0, 1).now == state::unreadable);
  int pipe[2];
  REQUIRE(::pipe(pipe) == 0);
  CHECK(sockets.here.send_file(pipe[0], 0, 1).now == state::unreadable);
  ::close(pipe[0]);
  ::close(pipe[1]);
  sockets.there.close();
  CHECK(sockets.here.send_file(number, 0, 1).now == state::failed);
  std::fclose(file);
}

TEST_CASE("close_sending() ends what the peer gets, and leaves what it sends") {
  pair sockets;
  sockets.here.close_sending();
  char byte;
  CHECK(::recv(sockets.there.get(), &byte, 1, 0) == 0);
  sockets.send("x");
  CHECK(sockets.here.receive({&byte, 1}).now == state::done);
}
}
