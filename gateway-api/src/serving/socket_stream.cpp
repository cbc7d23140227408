// socket_stream.cpp - see csgi/serving/socket_stream.hpp.
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <csgi/serving/socket_stream.hpp>
#include <csgi/serving/unwanted_input.hpp>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace csgi { inline namespace v1 {

namespace {

constexpr std::chrono::milliseconds tick{20};       // so often every wait looks whether the server is to end

template <class Address>
Address as(const sockaddr_storage& storage) noexcept {
  Address address;
  std::memcpy(&address, &storage, sizeof address);
  return address;
}

/// Which end, as getpeername() and getsockname() tell.
void tell(int (*name)(int, sockaddr*, socklen_t*), int socket, std::string& address, endpoint& end) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  char text[INET6_ADDRSTRLEN] = "";
  if (name(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return;
  if (storage.ss_family == AF_INET) {
    const auto ip = as<sockaddr_in>(storage);
    ::inet_ntop(AF_INET, &ip.sin_addr, text, sizeof text);
    end.port = ntohs(ip.sin_port);
  } else if (storage.ss_family == AF_INET6) {
    const auto ip = as<sockaddr_in6>(storage);
    ::inet_ntop(AF_INET6, &ip.sin6_addr, text, sizeof text);
    end.port = ntohs(ip.sin6_port);
  } else {
    return;
  }
  address = text;
  end.type = endpoint::kind::ip;
  end.address = address;
}

}  // namespace

socket_stream::socket_stream(int socket, const server_options& options, const std::atomic<serving_stage>& now)
    : socket_(socket), options_(options), now_(now) {
  tell([](int of, sockaddr* to, socklen_t* size) { return ::getpeername(of, to, size); }, socket, peer_.address, peer_.end);
  tell([](int of, sockaddr* to, socklen_t* size) { return ::getsockname(of, to, size); }, socket, local_.address, local_.end);
}

socket_stream::~socket_stream() {
  if (resets_) {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  } else {
    // Closing with bytes unread would reset the connection, and the client might lose the response.
    ::shutdown(socket_, SHUT_WR);
    std::size_t passed = end_ - begin_;
    for (const auto until = clock::now() + linger_time; !ended_ && passed < most_unwanted; passed += end_) {
      begin_ = end_ = 0;
      if (receive(until - clock::now())) break;
    }
  }
  ::close(socket_);
}

std::error_code socket_stream::wait(short events, clock::time_point until, serving_stage most) const {
  for (;;) {
    if (now_.load(std::memory_order_relaxed) > most) return std::make_error_code(std::errc::operation_canceled);
    pollfd state{socket_, events, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
    if (::poll(&state, 1, static_cast<int>(std::clamp(left, {}, tick).count())) > 0) return {};
    if (clock::now() >= until) return std::make_error_code(std::errc::timed_out);
  }
}

bool socket_stream::await_request() {
  if (!unread().empty()) return true;
  const auto patience = heard_ ? options_.deadlines.idle : options_.deadlines.first_byte;
  return !wait(POLLIN, clock::now() + patience, serving_stage::serving) && !receive({}) && !ended_;
}

std::error_code socket_stream::receive(clock::duration patience) {
  begin_ = end_ = 0;
  while (!ended_) {
    if (const auto failed = wait(POLLIN, clock::now() + patience, serving_stage::draining)) return failed;
    const auto got = ::recv(socket_, block_.data(), block_.size(), MSG_DONTWAIT);
    if (got > 0) {
      heard_ = true;
      end_ = static_cast<std::size_t>(got);
      return {};
    }
    if (got == 0) ended_ = true;
    else if (errno != EAGAIN && errno != EINTR) return std::make_error_code(std::errc::connection_reset);
  }
  return {};
}

std::error_code socket_stream::send(std::string_view bytes, std::uint64_t& sent) {
  while (!bytes.empty()) {
    const auto gone = ::send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (gone >= 0) {
      sent += static_cast<std::size_t>(gone);
      bytes.remove_prefix(static_cast<std::size_t>(gone));
    } else if (errno != EAGAIN && errno != EINTR) {
      return std::make_error_code(std::errc::connection_reset);
    } else if (const auto failed = wait(POLLOUT, clock::now() + options_.deadlines.write, serving_stage::draining)) {
      return failed;
    }
  }
  return {};
}

bool socket_stream::peer_has_gone() const noexcept {
  pollfd state{socket_, POLLRDHUP, 0};
  return ended_ || ::poll(&state, 1, 0) != 0;
}

}}  // namespace csgi::v1
