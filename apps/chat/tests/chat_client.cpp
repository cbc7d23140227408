#include "chat_client.hpp"
#include <csgi/serving/websocket_close.hpp>
#include <arpa/inet.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

chat_client::chat_client(std::uint16_t port, std::string_view target, std::string_view fields, int window)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      reader_({.message_limit = 16 * 1024 * 1024, .deflate = false, .sender = csgi::websocket_sender::server}) {
  if (window > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error("no connection");
  std::string handshake = "GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: websocket\r\n";
  handshake.append("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n").append(fields).append("\r\n");
  send_bytes(handshake);
  while (received_.find("\r\n\r\n") == std::string::npos)
    if (!read_more()) throw std::runtime_error("closed instead of an answer");
  status_ = std::stoi(received_.substr(9, 3));
  received_.erase(0, received_.find("\r\n\r\n") + 4);
}

chat_client::~chat_client() {
  if (socket_ >= 0) ::close(socket_);
}

namespace {

std::string saying(std::string_view text) { return R"({"type": "say", "text": ")" + std::string(text) + "\"}"; }

}  // namespace

void chat_client::say(std::string_view text) { send_text(saying(text)); }

void chat_client::say_at_once(std::string_view text, int times) {
  std::string frames;
  for (int i = 0; i < times; ++i) append_frame(frames, csgi::websocket_opcode::text, saying(text));
  send_bytes(frames);
}

void chat_client::send_text(std::string_view message) { send_frame(csgi::websocket_opcode::text, message); }
void chat_client::send_binary(std::string_view message) { send_frame(csgi::websocket_opcode::binary, message); }
void chat_client::close() { send_frame(csgi::websocket_opcode::close, csgi::websocket_close_payload(1000).bytes()); }

std::string chat_client::receive() {
  using state = csgi::websocket_frame_reader::state;
  std::string message;
  for (;;) {
    const auto step = reader_.read({received_.data(), received_.size()});
    const std::string data(step.data);
    received_.erase(0, step.consumed);
    if (step.now == state::data) {
      message += data;
      if (step.ends) return message;
    } else if (step.now == state::ping) {
      send_frame(csgi::websocket_opcode::pong, data);
    } else if (step.now == state::close) {
      if (code_ == 1006) send_frame(csgi::websocket_opcode::close, csgi::websocket_close_payload(step.code).bytes());
      code_ = step.code;
      if (!data.empty()) reason_ = data;
      return {};
    } else if (step.now == state::rejected) {
      throw std::runtime_error("not a frame that a server may send");
    } else if (step.now == state::more && !read_more()) {
      return {};
    }
  }
}

std::string chat_client::receive_until(std::string_view part) {
  for (auto message = receive(); !message.empty(); message = receive())
    if (message.find(part) != std::string::npos) return message;
  throw std::runtime_error("closed before " + std::string(part));
}

void chat_client::reset() {
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(socket_);
  socket_ = -1;
}

void chat_client::append_frame(std::string& to, csgi::websocket_opcode opcode, std::string_view payload) {
  constexpr csgi::websocket_key key = {'\x37', '\xfa', '\x21', '\x3d'};
  csgi::append_websocket_frame(to, {.opcode = opcode}, payload, key);
}

void chat_client::send_frame(csgi::websocket_opcode opcode, std::string_view payload) {
  std::string frame;
  append_frame(frame, opcode, payload);
  send_bytes(frame);
}

void chat_client::send_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size < 0) return;           // the server has gone: who reads next learns it
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

bool chat_client::read_more() {
  pollfd readable{socket_, POLLIN, 0};
  if (poll(&readable, 1, 20'000) != 1) throw std::runtime_error("nothing comes");
  char block[16 * 1024];
  const auto size = recv(socket_, block, sizeof block, 0);
  if (size > 0) received_.append(block, static_cast<std::size_t>(size));
  return size > 0;
}
