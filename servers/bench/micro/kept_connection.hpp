// kept_connection.hpp - a server in this process, and a client that asks it again and again and allocates nothing.
#pragma once
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <csgi/application.hpp>
#include <csgi/server_observer.hpp>
#include <csgi/server_options.hpp>
#include <semaphore>
#include <stdexcept>
#include <thread>

namespace csgi::bench {

class doorman final : public server_observer {
 public:
  void ready(const endpoint&) noexcept override { open.release(); }
  void log(log_level, std::string_view) noexcept override {}
  std::binary_semaphore open{0};
};

template <class Server>
class running {
 public:
  explicit running(application app) : server_(options(doorman_)), thread_([this, app] { server_.run(app); }) {
    doorman_.open.acquire();
  }
  ~running() {
    server_.stop();
    thread_.join();
  }
  std::uint16_t port() const noexcept { return server_.port(); }

 private:
  static server_options options(server_observer& observer) {
    server_options o;
    o.port = 0;
    o.threads = 2;
    o.observer = &observer;
    o.deadlines.farewell = std::chrono::milliseconds(0);
    return o;
  }

  doorman doorman_;
  Server server_;
  std::thread thread_;
};

class client {
 public:
  explicit client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot connect");
  }
  client(const client&) = delete;
  client& operator=(const client&) = delete;
  ~client() { ::close(socket_); }

  void ask(std::string_view request) {
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
      throw std::runtime_error("cannot send");
    std::array<char, 1024> answer;
    for (std::size_t got = 0; !std::string_view(answer.data(), got).ends_with("\r\n\r\nHello\n");) {
      const auto more = ::recv(socket_, answer.data() + got, answer.size() - got, 0);
      if (more <= 0) throw std::runtime_error("no answer");
      got += static_cast<std::size_t>(more);
    }
  }

  void ask(std::string_view request, int times) {
    for (int i = 0; i < times; ++i) ask(request);
  }

 private:
  int socket_;
};

}  // namespace csgi::bench
