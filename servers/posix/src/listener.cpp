// listener.cpp - see csgi/posix/listener.hpp.
#include <algorithm>
#include <cerrno>
#include <csgi/posix/listener.hpp>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <system_error>

namespace csgi::posix {

namespace {

constexpr int backlog = 4096;   // the kernel's own limit (somaxconn) may be lower
constexpr int most_failures = 64;     // in a row

struct free_addresses {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using address_list = std::unique_ptr<addrinfo, free_addresses>;

std::string name_of(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

[[noreturn]] void fail(const std::string& name) {
  throw std::system_error(errno, std::generic_category(), "cannot listen on " + name);
}

/// An IPv6 address may stand in brackets, as in a URL.
std::string without_brackets(const std::string& host) {
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

address_list resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error == EAI_SYSTEM) fail(name_of(host, port));
  if (error != 0)
    throw std::system_error(std::make_error_code(std::errc::address_not_available),
                            "cannot listen on " + name_of(host, port) + " (" + ::gai_strerror(error) + ')');
  return address_list(found);
}

void turn_on(const descriptor& socket, int level, int option) noexcept {
  const int on = 1;
  ::setsockopt(socket.get(), level, option, &on, sizeof on);
}

enum class sharing : bool { alone, shared };

/// A bound socket, or none and errno.
descriptor bind(const addrinfo& address, std::uint16_t port, sharing with) {
  descriptor socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return socket;
  if (with == sharing::shared) turn_on(socket, SOL_SOCKET, SO_REUSEPORT);
  turn_on(socket, IPPROTO_TCP, TCP_NODELAY);  // accepted sockets inherit it
  sockaddr_storage where{};
  std::copy_n(reinterpret_cast<const char*>(address.ai_addr), address.ai_addrlen, reinterpret_cast<char*>(&where));
  if (where.ss_family == AF_INET6) reinterpret_cast<sockaddr_in6&>(where).sin6_port = htons(port);
  else reinterpret_cast<sockaddr_in&>(where).sin_port = htons(port);
  const auto is_bound = [&] {
    return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&where), address.ai_addrlen) == 0;
  };
  if (is_bound()) return socket;
  if (errno != EADDRINUSE) return descriptor();
  // With this option from the beginning, a port that somebody has bound and does not listen on yet could be had too.
  turn_on(socket, SOL_SOCKET, SO_REUSEADDR);
  return is_bound() ? std::move(socket) : descriptor();
}

struct bound {
  const addrinfo* address;
  descriptor socket;
};

/// The first of the addresses that can be had.
bound bind_any(const addrinfo* addresses, std::uint16_t port, const std::string& name) {
  for (const addrinfo* a = addresses; a; a = a->ai_next) {
    if (auto socket = bind(*a, port, sharing::alone)) return {a, std::move(socket)};
    if (errno != EADDRNOTAVAIL && errno != EAFNOSUPPORT) break;
  }
  fail(name);
}

}  // namespace

void listener::listen() {
  if (listens_) return;
  turn_on(socket_, SOL_SOCKET, SO_REUSEADDR);   // what its connections leave behind shall not keep the port
  if (::listen(socket_.get(), backlog) != 0) fail(name_);
}

listener::result listener::accept(incoming& connection) {
  for (int failures = 0; failures < most_failures; ++failures) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    descriptor accepted(::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (accepted) {
      connection.peer = socket_address(storage);
      // Clients of a UNIX socket have no name: they are who came through it.
      if (storage.ss_family == AF_UNIX && connection.peer.endpoint().address.empty()) connection.peer = address_;
      connection.local = address_.any() ? socket_address::local_of(accepted.get()) : address_;
      connection.socket = std::move(accepted);
      return result::accepted;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return share_ = 1, result::none;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) return result::not_now;
    if (errno == EBADF) return result::none;      // closed
    // Anything else is about a connection that failed before it was accepted: take the next.
  }
  return result::not_now;   // or about all of them: a firewall's rule, say
}

bool listener::gives_way() noexcept {
  if (!shared_) return false;
  pollfd waiting{socket_.get(), POLLIN, 0};
  const bool more = ::poll(&waiting, 1, 0) > 0;
  share_ = more ? std::min(share_ + 1, most) : 1;
  return more;
}

std::vector<listener> bind_listeners(const std::string& given, std::uint16_t port, std::size_t count) {
  const std::string host = without_brackets(given);
  const auto addresses = resolve(host, port);
  const std::string name = name_of(host, port);
  std::vector<listener> listeners;
  // Sockets that share a port would also share it with another server's: the first one makes sure that there is none.
  auto [address, first] = bind_any(addresses.get(), port, name);
  port = socket_address::local_of(first.get()).endpoint().port;
  if (count > 1) turn_on(first, SOL_SOCKET, SO_REUSEPORT);
  listeners.emplace_back(std::move(first), name);
  while (listeners.size() < count) {
    auto another = bind(*address, port, sharing::shared);
    if (!another) fail(name);
    listeners.emplace_back(std::move(another), name);
  }
  return listeners;
}

std::vector<listener> listeners_for(const server_options& options, std::size_t count) {
  if (options.socket < 0) return bind_listeners(options.host, options.port, count);
  std::vector<listener> listeners;
  while (listeners.size() < count) listeners.emplace_back(duplicate_of_socket(options), "socket " + std::to_string(options.socket));
  return listeners;
}

}  // namespace csgi::posix
