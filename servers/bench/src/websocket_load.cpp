// websocket_load: keeps so many messages in flight on each of so many WebSockets, and counts those that come back.
//
//   websocket_load URL CONNECTIONS IN_FLIGHT BYTES SECONDS
//
// With none in flight the connections are idle. It says when all are open.
// One thread, one epoll set. Frames are masked with a key that changes nothing of what they cost the server. The first echo of
// each connection is compared byte for byte; of the others the number of bytes is.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "websocket_load: %s\n", what.c_str());
  std::exit(1);
}

std::string head_of(std::size_t size, bool masked) {
  const unsigned mask = masked ? 0x80 : 0;
  std::string head = "\x82";
  const auto put = [&head](std::size_t byte) { head.push_back(static_cast<char>(byte & 0xFF)); };
  if (size < 126) {
    put(mask | size);
  } else if (size <= 0xFFFF) {
    put(mask | 126);
    put(size >> 8);
    put(size);
  } else {
    put(mask | 127);
    for (unsigned shift = 64; shift > 0; shift -= 8) put(size >> (shift - 8));
  }
  return head;
}

std::string payload_of(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 26);
  return text;
}

std::string masked_frame(const std::string& payload) {
  constexpr std::string_view key = "\x11\x22\x33\x44";
  std::string frame = head_of(payload.size(), true);
  frame += key;
  for (std::size_t i = 0; i < payload.size(); ++i) frame.push_back(static_cast<char>(payload[i] ^ key[i % 4]));
  return frame;
}

struct connection {
  int descriptor = -1;
  std::string received;         // of the handshake and the first echo
  std::size_t of_frame = 0;     // received of a frame that is not whole yet
  std::size_t to_send = 0;      // bytes of frames that did not go
  bool open = false;
  bool compared = false;
  bool waits = false;           // until it can send
};

class load {
 public:
  load(sockaddr_in to, std::size_t connections, std::size_t in_flight, std::size_t size)
      : in_flight_(in_flight), expected_(head_of(size, false) + payload_of(size)), connections_(connections) {
    const std::string frame = masked_frame(payload_of(size));
    frame_ = frame.size();
    for (std::size_t i = 0; i < in_flight + 1; ++i) frames_ += frame;
    for (connection& each : connections_) open(each, to);
  }

  std::uint64_t run(clock_type::duration duration) {
    while (opened_ < connections_.size()) turn();
    std::printf("all are open\n");
    std::fflush(stdout);
    const auto end = clock_type::now() + duration;
    const auto before = echoed_;
    while (clock_type::now() < end) turn();
    return echoed_ - before;
  }

 private:
  void open(connection& c, sockaddr_in to) {
    c.descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c.descriptor, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) fail("cannot connect");
    const int on = 1;
    setsockopt(c.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    constexpr std::string_view handshake =
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    if (send(c.descriptor, handshake.data(), handshake.size(), 0) != static_cast<ssize_t>(handshake.size())) fail("cannot send");
    watch(c, EPOLL_CTL_ADD, EPOLLIN);
  }

  void watch(connection& c, int how, std::uint32_t events) {
    epoll_event wanted{};
    wanted.events = events;
    wanted.data.ptr = &c;
    epoll_ctl(set_, how, c.descriptor, &wanted);
  }

  void turn() {
    std::array<epoll_event, 256> events;
    const int count = epoll_wait(set_, events.data(), static_cast<int>(events.size()), 100);
    for (int i = 0; i < count; ++i) {
      connection& c = *static_cast<connection*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (c.to_send > 0) send_frames(c, 0);
      receive(c);
    }
  }

  void receive(connection& c) {
    const auto size = recv(c.descriptor, input_.data(), input_.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) fail("a connection was closed");
    std::string_view bytes(input_.data(), static_cast<std::size_t>(size));
    if (!c.open) {
      c.received += bytes;
      const auto end = c.received.find("\r\n\r\n");
      if (end == std::string::npos) return;
      if (!c.received.starts_with("HTTP/1.1 101 ")) fail("not accepted: " + c.received.substr(0, c.received.find('\r')));
      c.open = true;
      ++opened_;
      if (c.received.size() > end + 4) fail("bytes came before they were asked for");
      c.received.clear();
      return send_frames(c, in_flight_);
    }
    if (!c.compared) {
      c.received += bytes;
      if (c.received.size() >= expected_.size()) {
        if (!c.received.starts_with(expected_)) fail("not what was sent came back");
        c.compared = true;
        std::string().swap(c.received);
      }
    }
    c.of_frame += bytes.size();
    const std::size_t whole = c.of_frame / expected_.size();
    c.of_frame %= expected_.size();
    echoed_ += whole;
    if (whole > 0) send_frames(c, whole);
  }

  // As many frames more, after what is left of those before.
  void send_frames(connection& c, std::size_t more) {
    c.to_send += more * frame_;
    while (c.to_send > 0) {
      // The rest of a frame begun is at the end of the first one in frames_.
      const std::size_t begun = (frame_ - c.to_send % frame_) % frame_;
      const auto sent = send(c.descriptor, frames_.data() + begun, std::min(c.to_send, frames_.size() - begun), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) break;
      if (sent < 0) fail("a connection was closed");
      c.to_send -= static_cast<std::size_t>(sent);
    }
    if (const bool waits = c.to_send > 0; waits != c.waits) {
      c.waits = waits;
      watch(c, EPOLL_CTL_MOD, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
  }

  const int set_ = epoll_create1(0);
  std::size_t in_flight_;
  std::size_t frame_ = 0;         // bytes of one as it is sent
  std::string frames_;
  std::string expected_;
  std::vector<connection> connections_;
  std::vector<char> input_ = std::vector<char>(256 * 1024);
  std::size_t opened_ = 0;
  std::uint64_t echoed_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() != 5) fail("takes URL CONNECTIONS IN_FLIGHT BYTES SECONDS");
  const std::string authority = arguments[0].substr(arguments[0].find("//") + 2);
  const auto colon = authority.find(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoul(authority.substr(colon + 1))));
  inet_pton(AF_INET, authority.substr(0, colon).c_str(), &to.sin_addr);
  const std::chrono::duration<double> time(std::stod(arguments[4]));
  load keeping(to, std::stoul(arguments[1]), std::stoul(arguments[2]), std::stoul(arguments[3]));
  const auto echoed = keeping.run(std::chrono::duration_cast<clock_type::duration>(time));
  std::printf("%llu messages in %.6fs\n", static_cast<unsigned long long>(echoed), time.count());
}
