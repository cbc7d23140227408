// The floor for large bodies: the least a server can do on this machine. One thread, one epoll set. A POST's body is sent back as
// it comes; GET /f… is a file, by sendfile; GET /s… is 100 MiB in chunks of 64 KiB, of which there is one for all. Requests
// come one after the other; nothing is parsed but a length, and nothing is limited or checked.
//
//   body_floor FILE
#include "floor_listener.hpp"
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t block = 64 * 1024;
constexpr std::size_t chunks = 1600;

struct connection {
  enum class doing : unsigned char { nothing, echo, file, stream };

  doing what = doing::nothing;
  std::string head;               // of a request that is not whole yet
  std::size_t to_read = 0;        // of a body
  std::string rest;               // that could not be sent
  off_t offset = 0;               // in the file
  std::size_t sent = 0;           // of the stream
  bool waits = false;             // until it can send
};

std::string head_of(std::string_view framing) {
  return "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nServer: csgi\r\nContent-Type: application/octet-stream\r\n" +
         std::string(framing) + "\r\n\r\n";
}

class floor_server {
 public:
  explicit floor_server(const char* path) : file_(open(path, O_RDONLY)) {
    struct stat facts {};
    if (fstat(file_, &facts) != 0) fail("no file");
    file_size_ = facts.st_size;
    file_head_ = head_of("Content-Length: " + std::to_string(file_size_));
    stream_head_ = head_of("Transfer-Encoding: chunked");
    chunk_ = "10000\r\n" + std::string(block, 'x') + "\r\n";
    watch(accepting_, EPOLL_CTL_ADD, EPOLLIN);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> events;
    for (;;) {
      const int count = epoll_wait(set_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
        if (descriptor == accepting_) accept_all();
        else if (!serve(descriptor, connections_[descriptor])) end(descriptor);
      }
    }
  }

 private:
  void watch(int descriptor, int how, std::uint32_t events) const {
    epoll_event wanted{};
    wanted.events = events;
    wanted.data.fd = descriptor;
    epoll_ctl(set_, how, descriptor, &wanted);
  }

  void accept_all() {
    for (int client; (client = accepted_by(accepting_)) >= 0;) watch(client, EPOLL_CTL_ADD, EPOLLIN);
  }

  void end(int descriptor) {
    connections_.erase(descriptor);
    close(descriptor);
  }

  bool serve(int descriptor, connection& c) {
    const bool alive = c.waits ? go_on(descriptor, c) : receive(descriptor, c);
    // One that waits for its client reads nothing.
    const bool waits = !c.rest.empty() || c.what == connection::doing::file || c.what == connection::doing::stream;
    if (waits != c.waits) watch(descriptor, EPOLL_CTL_MOD, waits ? EPOLLOUT : EPOLLIN);
    c.waits = waits;
    return alive;
  }

  bool receive(int descriptor, connection& c) {
    const auto size = recv(descriptor, input_.data(), input_.size(), 0);
    if (size <= 0) return size < 0 && errno == EAGAIN;
    const std::string_view bytes(input_.data(), static_cast<std::size_t>(size));
    if (c.what == connection::doing::echo) return send_back(descriptor, c, bytes);
    c.head += bytes;
    const auto whole = c.head.find("\r\n\r\n");
    if (whole == std::string::npos) return true;
    const std::string request = std::exchange(c.head, {});
    if (request.starts_with("POST ")) return begin_echo(descriptor, c, request.substr(0, whole), request.substr(whole + 4));
    c.what = request.starts_with("GET /f") ? connection::doing::file : connection::doing::stream;
    c.offset = 0;
    c.sent = 0;
    const auto& head = c.what == connection::doing::file ? file_head_ : stream_head_;
    return put(descriptor, c, head) && go_on(descriptor, c);
  }

  bool begin_echo(int descriptor, connection& c, const std::string& head, const std::string& body) {
    constexpr std::string_view name = "\r\nContent-Length: ";
    c.to_read = std::strtoull(head.data() + head.find(name) + name.size(), nullptr, 10);
    c.what = connection::doing::echo;
    return put(descriptor, c, head_of("Content-Length: " + std::to_string(c.to_read))) && send_back(descriptor, c, body);
  }

  bool send_back(int descriptor, connection& c, std::string_view bytes) {
    c.to_read -= bytes.size();
    if (c.to_read == 0) c.what = connection::doing::nothing;
    return put(descriptor, c, bytes);
  }

  // What does not go now is kept. MSG_MORE for heads would save a packet, but a file's pages behind one in the same packet cost
  // half as much again.
  bool put(int descriptor, connection& c, std::string_view bytes) {
    if (!c.rest.empty() || bytes.empty()) {
      c.rest += bytes;
      return true;
    }
    const auto sent = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return false;
    c.rest = bytes.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent));
    return true;
  }

  bool go_on(int descriptor, connection& c) {
    if (!c.rest.empty()) {
      const std::string rest = std::exchange(c.rest, {});
      if (!put(descriptor, c, rest)) return false;
      if (!c.rest.empty()) return true;
    }
    if (c.what == connection::doing::file) return send_file(descriptor, c);
    if (c.what == connection::doing::stream) return send_stream(descriptor, c);
    return true;
  }

  bool send_file(int descriptor, connection& c) const {
    while (c.offset < file_size_)
      if (sendfile(descriptor, file_, &c.offset, static_cast<std::size_t>(file_size_ - c.offset)) < 0) return errno == EAGAIN;
    c.what = connection::doing::nothing;
    return true;
  }

  bool send_stream(int descriptor, connection& c) {
    while (c.sent < chunks * chunk_.size()) {
      const std::size_t at = c.sent % chunk_.size();
      const auto sent = send(descriptor, chunk_.data() + at, chunk_.size() - at, MSG_NOSIGNAL);
      if (sent < 0) return errno == EAGAIN;
      c.sent += static_cast<std::size_t>(sent);
    }
    c.what = connection::doing::nothing;
    return put(descriptor, c, "0\r\n\r\n");
  }

  const int accepting_ = listener("body floor");
  const int set_ = epoll_create1(0);
  const int file_;
  off_t file_size_ = 0;
  std::string file_head_, stream_head_, chunk_;
  std::vector<char> input_ = std::vector<char>(block);
  std::unordered_map<int, connection> connections_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "body_floor: takes FILE\n");
    return 2;
  }
  floor_server(argv[1]).run();
}
