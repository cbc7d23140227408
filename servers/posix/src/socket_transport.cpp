// socket_transport.cpp - see csgi/posix/socket_transport.hpp.
#include <algorithm>
#include <cerrno>
#include <csgi/posix/poller.hpp>
#include <csgi/posix/socket_transport.hpp>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace csgi::posix {

using http1::io_result;

namespace {

constexpr std::uint64_t most_of_a_file = 256 * 1024;  // bytes in one call: it does not return before they are in the socket

io_result failure() noexcept {
  return {errno == EAGAIN || errno == EWOULDBLOCK ? io_result::state::would_block : io_result::state::failed};
}

/// Calls until it is not a signal that interrupted it.
template <class Call>
ssize_t retried(Call call) noexcept {
  for (;;) {
    const ssize_t result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

iovec piece(std::string_view bytes) noexcept { return {const_cast<char*>(bytes.data()), bytes.size()}; }

}  // namespace

io_result socket_transport::receive(std::span<char> into) noexcept {
  const auto got = retried([&] { return ::recv(socket(), into.data(), into.size(), MSG_DONTWAIT); });
  if (got > 0) return {io_result::state::done, static_cast<std::size_t>(got)};
  return got == 0 ? io_result{io_result::state::closed} : failure();
}

io_result socket_transport::send(std::string_view first, std::string_view second, std::string_view third) noexcept {
  ssize_t sent;
  if (second.empty() && third.empty()) {
    sent = retried([&] { return ::send(socket(), first.data(), first.size(), MSG_DONTWAIT | MSG_NOSIGNAL); });
  } else {
    iovec pieces[] = {piece(first), piece(second), piece(third)};
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = 3;
    sent = retried([&] { return ::sendmsg(socket(), &message, MSG_DONTWAIT | MSG_NOSIGNAL); });
  }
  return sent > 0 ? io_result{io_result::state::done, static_cast<std::size_t>(sent)} : failure();
}

io_result socket_transport::send_file(int file, std::uint64_t offset, std::uint64_t count) noexcept {
  auto from = static_cast<off_t>(offset);
  const auto wanted = static_cast<std::size_t>(std::min(count, most_of_a_file));
  const auto sent = retried([&] { return ::sendfile(socket(), file, &from, wanted); });
  if (sent > 0) return {io_result::state::done, static_cast<std::size_t>(sent)};
  if (sent == 0) return {io_result::state::closed};
  switch (errno) {
    case EPIPE:
    case ECONNRESET:
    case ECONNABORTED:
    case ENOTCONN:
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN: return {io_result::state::failed};
    case EAGAIN: return {io_result::state::would_block};
    default: return {io_result::state::unreadable};
  }
}

bool socket_transport::watch(poller& by, event_source& source) noexcept {
  if (!by.add(socket(), source)) return false;
  poller_ = &by;
  told_ = &source;
  return true;
}

void socket_transport::tell_again() noexcept {
  if (poller_) poller_->tell_again(socket(), *told_);
}

void socket_transport::close_sending() noexcept { ::shutdown(socket(), SHUT_WR); }

void socket_transport::reset() noexcept {
  const linger at_once{1, 0};
  ::setsockopt(socket(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

bool socket_transport::peer_closed() noexcept {
  pollfd socket_state{socket(), POLLRDHUP, 0};
  return ::poll(&socket_state, 1, 0) > 0;
}

}  // namespace csgi::posix
