// body_load: asks for large bodies on a few connections, one request after the other on each, and says what came of it.
//
//   body_load URL CONNECTIONS UPLOAD_BYTES EXPECTED_BYTES SECONDS
//
// With an upload it is a POST, else a GET. When the time is over no request is begun any more, but those that are under way are
// waited for: parts of some would count for nothing. Each answer's status and length are checked. It reports as wrk does.
#include "answer_parser.hpp"
#include "polite_client.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

struct connection {
  int descriptor = -1;
  std::size_t sent = 0;
  bool idle = true;
  bool waits_to_send = false;
  clock_type::time_point begun;
  csgi::bench::answer_parser answer;
};

class load {
 public:
  load(std::uint16_t port, std::string request, std::uint64_t expected, std::size_t connections)
      : request_(std::move(request)), expected_(expected), connections_(connections) {
    for (connection& each : connections_) open(each, port);
  }

  void run(std::chrono::duration<double> time) {
    const auto begin = clock_type::now();
    end_ = begin + std::chrono::duration_cast<clock_type::duration>(time);
    for (connection& each : connections_) ask(each);
    while (running_ > 0) turn();
    seconds_ = std::chrono::duration<double>(last_ - begin).count();
  }

  void report() {
    std::ranges::sort(microseconds_);
    const auto at = [this](std::size_t percent) { return microseconds_[(microseconds_.size() - 1) * percent / 100]; };
    std::printf("     50%% %.2fus\n     99%% %.2fus\n  %zu requests in %.6fs\n", at(50), at(99), microseconds_.size(), seconds_);
  }

 private:
  void open(connection& c, std::uint16_t port) {
    c.descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(c.descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) fail("cannot connect");
    const int on = 1;
    ::setsockopt(c.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(c, EPOLL_CTL_ADD, EPOLLIN);
  }

  void watch(connection& c, int how, std::uint32_t events) {
    epoll_event wanted{};
    wanted.events = events;
    wanted.data.ptr = &c;
    ::epoll_ctl(set_, how, c.descriptor, &wanted);
  }

  void ask(connection& c) {
    c.sent = 0;
    c.idle = false;
    c.begun = clock_type::now();
    ++running_;
    send(c);
  }

  void send(connection& c) {
    while (c.sent < request_.size()) {
      const auto sent = ::send(c.descriptor, request_.data() + c.sent, request_.size() - c.sent, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) break;
      if (sent < 0) fail("cannot send");
      c.sent += static_cast<std::size_t>(sent);
    }
    const bool waits = c.sent < request_.size();
    if (waits != c.waits_to_send) watch(c, EPOLL_CTL_MOD, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
    c.waits_to_send = waits;
  }

  void turn() {
    std::array<epoll_event, 64> events;
    const int count = ::epoll_wait(set_, events.data(), static_cast<int>(events.size()), 20'000);
    if (count == 0) throw std::runtime_error("the server does nothing for twenty seconds");
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      connection& c = *static_cast<connection*>(event.data.ptr);
      if (event.events & EPOLLOUT) send(c);
      if (event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) receive(c);
    }
  }

  void receive(connection& c) {
    const auto size = ::recv(c.descriptor, input_.data(), input_.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) return;
    if (size < 0) fail("cannot receive");
    if (size == 0) throw std::runtime_error(c.idle ? "the server does not keep its connections" : "the server closed before its answer was whole");
    if (c.idle) throw std::runtime_error("the server says more than it was asked for");
    const std::string_view bytes(input_.data(), static_cast<std::size_t>(size));
    if (c.answer.take(bytes) != bytes.size()) throw std::runtime_error("the server says more than it was asked for");
    if (c.answer.whole()) end(c);
  }

  void end(connection& c) {
    last_ = clock_type::now();
    if (c.answer.status() != 200 || c.answer.body() != expected_)
      throw std::runtime_error("the server answers " + std::to_string(c.answer.status()) + " with " +
                               std::to_string(c.answer.body()) + " bytes");
    if (c.sent < request_.size()) throw std::runtime_error("the server answered before it had the whole request");
    microseconds_.push_back(std::chrono::duration<double, std::micro>(last_ - c.begun).count());
    c.idle = true;
    --running_;
    if (last_ < end_) ask(c);
    else watch(c, EPOLL_CTL_DEL, 0);
  }

  const int set_ = ::epoll_create1(0);
  std::string request_;
  std::uint64_t expected_;
  std::vector<connection> connections_;
  std::vector<char> input_ = std::vector<char>(256 * 1024);
  std::vector<double> microseconds_;
  std::size_t running_ = 0;
  clock_type::time_point end_, last_;
  double seconds_ = 0;
};

std::string request_for(const std::string& path, std::size_t upload) {
  const std::string host = " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  if (upload == 0) return "GET " + path + host + "\r\n";
  const auto length = "Content-Length: " + std::to_string(upload) + "\r\n\r\n";
  return "POST " + path + host + "Content-Type: application/octet-stream\r\n" + length + std::string(upload, 'x');
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() != 5) throw std::runtime_error("takes URL CONNECTIONS UPLOAD_BYTES EXPECTED_BYTES SECONDS");
    const auto path = words[0].find('/', words[0].find("//") + 2);
    if (path == std::string::npos) throw std::runtime_error("the URL has no path");
    load asked(csgi::bench::port_of(words[0].substr(0, path)), request_for(words[0].substr(path), std::stoul(words[2])),
               std::stoull(words[3]), std::stoul(words[1]));
    asked.run(std::chrono::duration<double>(std::stod(words[4])));
    asked.report();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "body_load: %s\n", error.what());
    return 1;
  }
}
