// wire_client.cpp - see wire_client.hpp.
#include "wire_client.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <csgi/field.hpp>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace csgi::tests {

namespace {

constexpr int patience = 10'000;    // ms

void wait_for(int socket, short events) {
  pollfd state{socket, events, 0};
  if (::poll(&state, 1, patience) <= 0) throw std::runtime_error("the server did not react in time");
}

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

std::string reply::field(std::string_view name) const {
  std::string values;
  for (const auto& [n, v] : fields)
    if (same_name(n, name)) values += (values.empty() ? "" : ", ") + v;
  return values;
}

bool reply::has(std::string_view name) const {
  return std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return same_name(f.first, name); });
}

wire_client::wire_client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port = htons(port);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) fail("connect");
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

wire_client::~wire_client() { ::close(socket_); }

void wire_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    wait_for(socket_, POLLOUT);
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) fail("send");
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void wire_client::send_slowly(std::string_view bytes) {
  for (const char& byte : bytes) send({&byte, 1});
}

std::size_t wire_client::send_until_blocked(std::string_view block, std::size_t most) {
  std::size_t sent = 0;
  while (sent < most) {
    pollfd state{socket_, POLLOUT, 0};
    if (::poll(&state, 1, 300) <= 0) break;
    const auto now = ::send(socket_, block.data(), block.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (now < 0 && errno != EAGAIN) break;
    if (now > 0) sent += static_cast<std::size_t>(now);
  }
  return sent;
}

/// Whether anything came.
bool wire_client::more() {
  wait_for(socket_, POLLIN);
  char block[64 * 1024];
  const auto got = ::recv(socket_, block, sizeof block, 0);
  if (got < 0) reset_ = true;
  if (got <= 0) return false;
  received_.append(block, static_cast<std::size_t>(got));
  return true;
}

std::string wire_client::take(std::size_t count) {
  std::string bytes = received_.substr(0, count);
  received_.erase(0, count);
  return bytes;
}

std::string wire_client::read_through(std::string_view end) {
  for (;;) {
    if (const auto at = received_.find(end); at != std::string::npos) return take(at + end.size());
    if (!more()) throw std::runtime_error("the server closed after \"" + received_ + '"');
  }
}

std::size_t wire_client::read_some() {
  if (received_.empty()) more();
  return std::exchange(received_, {}).size();
}

std::string wire_client::read_to_end() {
  while (more()) {
  }
  return std::exchange(received_, {});
}

bool wire_client::closed() { return received_.empty() && !more(); }

bool wire_client::readable() {
  pollfd state{socket_, POLLIN, 0};
  return !received_.empty() || ::poll(&state, 1, 0) > 0;
}

reply wire_client::exchange(std::string_view request, std::string_view method) {
  send(request);
  return read(method);
}

reply wire_client::read(std::string_view method) {
  reply r;
  do {
    r = {};
    const std::string head = read_through("\r\n\r\n");
    std::string_view rest = head;
    const auto line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    if (!line.starts_with("HTTP/1.1 ") || line.size() < 13) throw std::runtime_error("not a status line: " + std::string(line));
    std::from_chars(line.data() + 9, line.data() + 12, r.status);
    r.reason = line.substr(13);
    while (rest != "\r\n") {
      const auto end = rest.find("\r\n");
      const auto colon = rest.find(": ");
      if (colon > end) throw std::runtime_error("not a field: " + std::string(rest.substr(0, end)));
      r.fields.emplace_back(rest.substr(0, colon), rest.substr(colon + 2, end - colon - 2));
      rest.remove_prefix(end + 2);
    }
  } while (r.status < 200);
  if (method == "HEAD" || r.status == 204 || r.status == 304) {
    r.whole = true;
  } else if (r.has("transfer-encoding")) {
    read_chunks(r);
  } else if (r.has("content-length")) {
    const auto length = std::stoull(r.field("content-length"));
    while (received_.size() < length && more()) {
    }
    r.whole = received_.size() >= length;
    r.body = take(length);
  } else {
    r.body = read_to_end();
    r.whole = !reset_;
  }
  return r;
}

void wire_client::read_chunks(reply& r) {
  for (;;) {
    std::size_t at;
    while ((at = received_.find("\r\n")) == std::string::npos)
      if (!more()) return;
    const auto size = std::stoull(take(at + 2), nullptr, 16);
    while (received_.size() < size + 2)
      if (!more()) return;
    r.body += take(size);
    if (take(2) != "\r\n") throw std::runtime_error("a chunk does not end with CRLF");
    if (size == 0) {
      r.whole = true;
      return;
    }
  }
}

void wire_client::half_close() { ::shutdown(socket_, SHUT_WR); }

void wire_client::end() { ::shutdown(socket_, SHUT_RDWR); }

void wire_client::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
}

void wire_client::receive_buffer(int bytes) { ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); }

}  // namespace csgi::tests
