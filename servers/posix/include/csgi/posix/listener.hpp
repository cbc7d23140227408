// csgi/posix/listener.hpp - a bound socket that accepts connections.
#pragma once
#include <chrono>
#include <csgi/posix/descriptor.hpp>
#include <csgi/posix/socket_address.hpp>
#include <csgi/serving/given_socket.hpp>
#include <string>
#include <vector>

namespace csgi::posix {

/// One accepted connection.
struct incoming {
  descriptor socket;          ///< non-blocking, and with Nagle's algorithm off
  socket_address peer, local; ///< its two ends
};

/// One listening socket.
class listener {
 public:
  enum class result : unsigned char {
    accepted,
    none,       ///< waits
    not_now,    ///< can be had: to be tried again some time later, since readiness would be told of all the time
  };

  /// It is bound already.
  ///
  /// Errors:    std::bad_alloc.
  listener(descriptor socket, std::string name) : socket_(std::move(socket)), name_(std::move(name)) {}
  listener(given_socket socket, std::string name)
      : socket_(socket.descriptor), name_(std::move(name)), shared_(true), listens_(socket.listens) {}

  /// Starts to accept. Errors: std::system_error that names the address.
  void listen();

  /// Takes one waiting connection.
  ///
  /// Errors:    std::bad_alloc: for its addresses; it is closed.
  result accept(incoming& connection);

  /// How many to take in one go, so that connections at work get their turn.
  int most_at_once() const noexcept { return shared_ ? share_ : most; }

  /// After that many: whether to leave the others to those who share the queue, for as long as pause says. Who is woken first
  /// would take a whole burst else, and connections that are kept stay where they are. What is still there then has found all of
  /// them busy, so that more are taken each time.
  bool gives_way() noexcept;
  static constexpr std::chrono::milliseconds pause{1};

  int socket() const noexcept { return socket_.get(); }
  /// Lifetime:  that of the listener, open or closed.
  const socket_address& address() const noexcept { return address_; }
  void close() noexcept { socket_.close(); }

 private:
  descriptor socket_;
  socket_address address_ = socket_address::local_of(socket_.get());
  std::string name_;
  static constexpr int most = 64;
  bool shared_ = false;
  bool listens_ = false;
  int share_ = 1;
};

/// Binds `count` sockets to one address, so that each of as many loops accepts its own share.
///
/// Errors:    std::system_error that names the address: unknown host, address in use, permission.
std::vector<listener> bind_listeners(const std::string& host, std::uint16_t port, std::size_t count);

/// The listeners of a server with `count` loops: of the socket that the options give, whose queue they share; else bound.
///
/// Errors:    as bind_listeners() and duplicate_of_socket().
std::vector<listener> listeners_for(const server_options& options, std::size_t count);

}  // namespace csgi::posix
