// websocket_memory_test.cpp - what the messages of a WebSocket needed is given back, also while its peer shows that it is there.
#include "connection_apps.hpp"
#include <csgi/async_websocket.hpp>
#include <csgi/serving/websocket_deflater.hpp>
#include <csgi/serving/websocket_frame.hpp>
#include <doctest/doctest.h>
#include <malloc.h>

using namespace csgi;
using namespace csgi::http1;

namespace {

constexpr std::string_view handshake =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

task<> echo_messages(async_exchange ex) {
  const async_websocket socket(ex);
  co_await socket.accept();
  for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) co_await socket.send(got);
}

class conversation {
 public:
  explicit conversation(bool deflate) : host_(driven::pending) {
    host_.shared.websocket.deflate.enabled = deflate;
    host_.shared.websocket.message = 2'000'000;
    host_.app = echo_messages;
    host_.peer.sends(handshake);
    forget_received();
  }

  void send(const websocket_frame& frame, std::string_view payload) {
    std::string bytes;
    append_websocket_frame(bytes, frame, payload, websocket_key{1, 2, 3, 4});
    host_.peer.sends(bytes);
    forget_received();
  }

  void ping() { send({.opcode = websocket_opcode::ping}, ""); }

 private:
  void forget_received() {
    host_.run();
    std::string().swap(host_.peer.got);
  }

  connection_host host_;
};

/// Bytes of the heap, zlib's among them.
std::size_t in_use() {
  const auto now = ::mallinfo2();
  return now.uordblks + now.hblkhd;
}

}  // namespace

TEST_SUITE("connection: memory of WebSockets") {
TEST_CASE("the memory of a large message is not kept when the app has looked at it") {
  conversation with(false);
  const std::size_t before = in_use();
  const std::string half(500'000, 'x');
  with.send({.opcode = websocket_opcode::binary, .ends = false}, half);
  CHECK(in_use() > before + half.size());
  with.send({.opcode = websocket_opcode::continuation}, half);
  CHECK(in_use() < before + 3 * half.size());     // less than the message: the rest is the test's own, here and in its peer
}

TEST_CASE("the memory of compression is given back when the peer pings twice without a message between") {
  conversation with(true);
  std::string message, compressed;
  for (int i = 0; i < 2'000; ++i) message += std::to_string(i * 7919);
  websocket_deflater({}, {}).deflate(message, ending::finish, compressed);
  const std::size_t idle = in_use();
  with.send({.opcode = websocket_opcode::binary, .ends = true, .compressed = true}, compressed);
  CHECK(in_use() > idle + 200'000);
  with.ping();
  CHECK(in_use() > idle + 200'000);     // the next message may come
  with.ping();
  CHECK(in_use() < idle + 50'000);
  with.send({.opcode = websocket_opcode::binary, .ends = true, .compressed = true}, compressed);
  CHECK(in_use() > idle + 200'000);
}
}
