// wire.cpp - see wire.hpp.
#include "wire.hpp"
#include "loopback.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <csgi/field.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_in_transcript = 8 * 1024;
constexpr int switched = 101;       // the one 1xx that is final
constexpr auto moment = 150ms;      // how long silence has to last to be one

/// As much as one looks at.
std::string shown(std::string_view bytes) {
  constexpr std::size_t most = 80;
  if (bytes.size() <= most) return '"' + visible(bytes) + '"';
  return '"' + visible(bytes.substr(0, most)) + "…\" (" + std::to_string(bytes.size()) + " bytes)";
}

}  // namespace

std::string visible(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') text += "\\r";
    else if (c == '\n') text += "\\n";
    else if (byte >= 0x20 && byte < 0x7f) text += c;
    else text.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
  }
  return text;
}

bool reply::has(std::string_view name) const {
  for (const auto& [n, v] : fields)
    if (same_name(n, name)) return true;
  return false;
}

std::string reply::value(std::string_view name) const {
  std::string values;
  for (const auto& [n, v] : fields)
    if (same_name(n, name)) values += (values.empty() ? "" : ", ") + v;
  return values;
}

wire::wire(std::uint16_t port, patience& wait) : port_(port), patience_(wait) { connect(); }
wire::~wire() { close(); }

void wire::connect() {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in where = loopback(port_);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    close();
    throw unmet("the server does not accept connections");
  }
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ended_ = was_reset_ = false;
  received_.clear();
  frames_ = {};
  reply_.reset();
}

void wire::close() noexcept {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void wire::note(char direction, std::string_view bytes) {
  if (transcript_.size() > most_in_transcript) return;
  transcript_ += direction;
  transcript_ += ' ';
  transcript_ += visible(bytes.substr(0, most_in_transcript));
  if (bytes.size() > most_in_transcript) transcript_ += " …";
  transcript_ += '\n';
}

void wire::send(std::string_view bytes) {
  note('>', bytes);
  while (!bytes.empty()) {
    pollfd state{socket_, POLLIN | POLLOUT, 0};
    if (::poll(&state, 1, static_cast<int>(patience_.now().count())) <= 0) {
      patience_.late();
      throw unmet("the server stopped reading");
    }
    if ((state.revents & POLLOUT) == 0) {
      if (!more()) return;
      continue;
    }
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EAGAIN) continue;
    if (sent < 0) return;         // it closed early; what it answered tells whether it might
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void wire::drip(std::string_view bytes) {
  for (const char& byte : bytes) send({&byte, 1});
}

void wire::trickle(std::string_view bytes, std::chrono::milliseconds gap) {
  for (const char& byte : bytes) {
    send({&byte, 1});
    if (readable_within(gap)) return;
  }
}

bool wire::readable_within(std::chrono::milliseconds time) const {
  pollfd state{socket_, POLLIN, 0};
  return ::poll(&state, 1, static_cast<int>(time.count())) > 0;
}

bool wire::more() {
  if (ended_) return false;
  if (!readable_within(patience_.now())) {
    patience_.late();
    throw unmet("nothing came from the server in time");
  }
  if (slow_) std::this_thread::sleep_for(1ms);
  char block[64 * 1024];
  const auto got = ::recv(socket_, block, sizeof block, 0);
  if (got > 0) {
    note('<', {block, static_cast<std::size_t>(got)});
    received_.append(block, static_cast<std::size_t>(got));
    return true;
  }
  ended_ = true;
  was_reset_ = got < 0;
  transcript_ += was_reset_ ? "< (reset)\n" : "< (closed)\n";
  return false;
}

std::string wire::take(std::size_t count) {
  std::string bytes = received_.substr(0, count);
  received_.erase(0, count);
  return bytes;
}

std::string wire::head() {
  for (;;) {
    if (const auto at = received_.find("\r\n\r\n"); at != std::string::npos) return take(at + 4);
    if (!more()) throw unmet(received_.empty() ? "the server closed without a response" : "the server closed in the middle of a head");
  }
}

void wire::begin(std::string_view method) {
  reply r;
  for (;; ++r.interim) {
    r.fields.clear();
    const std::string bytes = head();
    std::string_view rest = bytes;
    const auto line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    if (!line.starts_with("HTTP/1.1 ") || line.size() < 13 || line[12] != ' ')
      throw unmet("\"" + visible(line) + "\" is not a status line");
    std::from_chars(line.data() + 9, line.data() + 12, r.status);
    while (rest != "\r\n") {
      const auto end = rest.find("\r\n");
      const auto colon = rest.find(':');
      if (colon > end) throw unmet("\"" + visible(rest.substr(0, end)) + "\" is not a field");
      auto value = rest.substr(colon + 1, end - colon - 1);
      while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
      while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
      r.fields.emplace_back(rest.substr(0, colon), value);
      rest.remove_prefix(end + 2);
    }
    if (r.status >= 200 || r.status == switched) break;
  }
  left_ = 0;
  in_chunk_ = last_chunk_ = false;
  seen_ = 0;
  if (method == "HEAD" || r.status == 204 || r.status == 304 || r.status == switched) {
    framing_ = framing::none;
  } else if (r.has("transfer-encoding")) {
    framing_ = framing::chunks;
  } else if (r.has("content-length")) {
    framing_ = framing::length;
    const std::string text = r.value("content-length");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), left_);
    if (error != std::errc{} || end != text.data() + text.size()) throw unmet("\"" + text + "\" is not a length");
  } else {
    framing_ = framing::connection;
  }
  reply_ = std::move(r);
}

bool wire::take_body() {
  if (reply_->whole) return true;
  switch (framing_) {
    case framing::none: break;
    case framing::chunks: return take_chunks();
    case framing::length: {
      const auto now = std::min<std::uint64_t>(left_, received_.size());
      reply_->body += take(now);
      left_ -= now;
      if (left_ > 0) return false;
      break;
    }
    case framing::connection: {
      reply_->body += std::exchange(received_, {});
      return false;
    }
  }
  return reply_->whole = true;
}

bool wire::take_chunks() {
  for (;;) {
    if (in_chunk_) {
      const auto now = std::min<std::uint64_t>(left_, received_.size());
      reply_->body += take(now);
      left_ -= now;
      if (left_ > 0 || received_.size() < 2) return false;
      if (take(2) != "\r\n") throw unmet("a chunk does not end with CRLF");
      if (last_chunk_) return reply_->whole = true;
      in_chunk_ = false;
    }
    const auto at = received_.find("\r\n");
    if (at == std::string::npos) return false;
    const std::string line = take(at + 2);
    const auto [end, error] = std::from_chars(line.data(), line.data() + at, left_, 16);
    if (error != std::errc{} || end != line.data() + at) throw unmet("\"" + visible(line) + "\" is not a chunk's size");
    in_chunk_ = true;
    last_chunk_ = left_ == 0;
  }
}

reply wire::receive(std::string_view method) { return receive_within(method, 24h); }

reply wire::receive_within(std::string_view method, std::chrono::milliseconds time) {
  if (!reply_) begin(method);
  const auto until = std::chrono::steady_clock::now() + time;
  while (!take_body()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= 0ms || (left < patience_.now() && !ended_ && !readable_within(left))) return *reply_;
    if (more()) continue;
    reply_->whole = framing_ == framing::connection && !was_reset_;
    break;
  }
  reply r = *std::move(reply_);
  reply_.reset();
  return r;
}

void wire::receive_some(std::string_view bytes) {
  if (!reply_) begin("GET");
  while (!take_body() && reply_->body.size() < seen_ + bytes.size() && more()) {
  }
  if (const auto got = std::string_view(reply_->body).substr(seen_, bytes.size()); got != bytes)
    throw unmet("the response goes on with " + shown(got) + " instead of " + shown(bytes));
  seen_ += bytes.size();
}

void wire::broken() {
  while (received_.find("\r\n\r\n") == std::string::npos)
    if (!more()) return received_.clear();
  if (receive("GET").whole) throw unmet("the response looks whole, but cannot be");
  end();
}

void wire::receive_text(std::string_view expected) {
  while (received_.size() < expected.size() && more()) {
  }
  if (const auto got = take(expected.size()); got != expected)
    throw unmet("got \"" + visible(got) + "\" instead of \"" + visible(expected) + '"');
}

void wire::through(std::string_view bytes) {
  std::size_t at;
  while ((at = received_.find(bytes)) == std::string::npos)
    if (!more()) throw unmet("the server closed before it had sent \"" + visible(bytes) + '"');
  take(at + bytes.size());
}

server_frame wire::receive_frame() {
  for (;;) {
    if (auto frame = frames_.take_from(received_)) return *std::move(frame);
    if (!more()) throw unmet(received_.empty() ? "the server closed without another frame" : "the server closed in the middle of a frame");
  }
}

void wire::expect_compression(bool keeps) {
  frames_.allow_compression();
  inflater_.emplace(keeps);
}

void wire::silence() {
  if (!received_.empty() || (!ended_ && readable_within(moment) && (more() || true)))
    throw unmet("the server sent something, or closed, where nothing was due");
}

void wire::end() {
  while (more()) {
  }
  if (!received_.empty()) throw unmet("the server sent \"" + visible(received_) + "\" where it should have closed");
}

void wire::torn() {
  while (more()) {
  }
  if (!was_reset_) throw unmet("the server closed the connection as if all was sent");
}

void wire::ended() {
  while (more()) {
  }
  if (const auto first = received_.find("HTTP/1.1 "); first != std::string::npos && received_.find("HTTP/1.1 ", first + 1) != std::string::npos)
    throw unmet("another response follows one that broke off");
  received_.clear();
}

std::string wire::rest() {
  while (more()) {
  }
  return std::exchange(received_, {});
}

std::size_t wire::flood(std::string_view bytes, std::size_t most) {
  note('>', bytes);
  transcript_ += "> (again and again)\n";
  for (std::size_t sent = 0; sent < most;) {
    pollfd state{socket_, POLLOUT, 0};
    if (::poll(&state, 1, static_cast<int>(moment.count())) <= 0) return sent;
    const auto rest = bytes.substr(sent % bytes.size());
    const auto now = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (now < 0 && errno != EAGAIN) return sent;
    if (now > 0) sent += static_cast<std::size_t>(now);
  }
  throw unmet("the server goes on reading: " + std::to_string(most) + " bytes and more");
}

void wire::narrow() const noexcept {
  const int bytes = 4 * 1024;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

void wire::half_close() {
  transcript_ += "> (closes its sending side)\n";
  ::shutdown(socket_, SHUT_WR);
}

void wire::reset() {
  transcript_ += "> (resets)\n";
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void wire::reconnect() {
  close();
  transcript_ += "> (connects again)\n";
  connect();
}

std::uint16_t wire::local_port() const {
  sockaddr_in own{};
  socklen_t size = sizeof own;
  ::getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size);
  return ntohs(own.sin_port);
}

}  // namespace csgi::conformance
