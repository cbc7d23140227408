// csgi/posix/listener.hpp - a bound socket that accepts connections.
#pragma once
#include <csgi/posix/descriptor.hpp>
#include <csgi/posix/socket_address.hpp>
#include <csgi/serving/given_socket.hpp>
#include <string>
#include <vector>

namespace csgi::posix {

/// One listening socket.
class listener {
 public:
  enum class result : unsigned char { accepted, none, no_resources };

  listener(descriptor socket, std::string name) noexcept : socket_(std::move(socket)), name_(std::move(name)) {}
  listener(given_socket socket, std::string name) noexcept
      : socket_(socket.descriptor), name_(std::move(name)), shared_(true), listens_(socket.listens) {}

  /// Starts to accept. Errors: std::system_error that names the address.
  void listen();

  /// Takes one waiting connection, non-blocking and with Nagle's algorithm off.
  result accept(descriptor& connection, socket_address& peer) noexcept;

  /// How many to take in one go, so that connections at work get their turn, and whoever else accepts gets a share: all of them
  /// are woken for a connection, and the one with the least to do is there first.
  int most_at_once() const noexcept { return shared_ ? 1 : 64; }

  int socket() const noexcept { return socket_.get(); }
  socket_address address() const noexcept { return socket_address::local_of(socket_.get()); }
  void close() noexcept { socket_.close(); }

 private:
  descriptor socket_;
  std::string name_;
  bool shared_ = false;
  bool listens_ = false;
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
