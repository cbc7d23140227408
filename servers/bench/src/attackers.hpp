// attackers.hpp - clients that take their time, thousands of them on one thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// How a client's socket is made.
struct socket_options {
  std::chrono::seconds patience{};    ///< of what blocks; 0: nothing does
  int receive_buffer = 0;             ///< bytes; 0: the system's choice
  unsigned source = 1;                ///< 127.0.0.x, as ports of one address are some 28,000
};

/// A connected socket, which resets its connection at the end, so that nothing is left of it.
class client_socket {
 public:
  /// Errors:    std::system_error.
  client_socket(std::uint16_t port, const socket_options& wanted);
  client_socket(const client_socket&) = delete;
  client_socket& operator=(const client_socket&) = delete;
  ~client_socket();

  bool send(std::string_view bytes) const;
  /// Takes some bytes, if there are any; false: the server has closed.
  bool receive(std::size_t most) const;
  /// The answer to a request, whose body is short and has a length; what there is of it, where more does not come.
  std::string ask(std::string_view request) const;

 private:
  int socket_;
};

/// Clients of one habit.
struct troop {
  enum class habit : unsigned char {
    idle,         ///< is served once, and keeps its connection
    slow_head,    ///< sends a byte of its head a second
    slow_body,    ///< the same, of its body
    slow_reader,  ///< takes 256 bytes of its answer a second
  };
  habit how;
  std::size_t count;
  std::string path;
};

/// They are at it while this lives. Those whose connections end connect again.
class attackers {
 public:
  /// Returns when all have done their first step.
  attackers(std::uint16_t port, const std::vector<troop>& troops);
  attackers(const attackers&) = delete;
  attackers& operator=(const attackers&) = delete;
  ~attackers();

 private:
  struct member;
  void attack(const std::stop_token& over);

  std::vector<std::unique_ptr<member>> members_;
  std::jthread thread_;
};
