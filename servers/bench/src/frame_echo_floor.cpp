// The floor for WebSockets: the least an echo can do on this machine. One thread, one epoll set; it takes any head for a
// handshake, unmasks each frame and sends it back, those of one read in one go. Nothing else is parsed, limited or checked.
#include "floor_listener.hpp"
#include <sys/socket.h>
#include <unistd.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

constexpr std::string_view accepted =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: nobody-checks\r\n\r\n";

struct connection {
  std::string rest;         // what was received of a frame that is not whole yet
  bool open = false;
};

std::uint64_t number(const char* at, unsigned bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) value = value << 8 | static_cast<unsigned char>(at[i]);
  return value;
}

// Appends the echo of the whole frames in `bytes`; gives how many bytes these are.
std::size_t echo(std::span<char> bytes, std::string& out) {
  constexpr std::size_t key_size = 4;
  std::size_t done = 0;
  for (;;) {
    char* const frame = bytes.data() + done;
    const std::size_t left = bytes.size() - done;
    if (left < 2) return done;
    const unsigned short_length = static_cast<unsigned char>(frame[1]) & 0x7F;
    const unsigned extended = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
    const std::size_t head = 2 + extended + key_size;
    if (left < head) return done;
    const auto length = static_cast<std::size_t>(extended ? number(frame + 2, extended) : short_length);
    if (left < head + length) return done;
    std::uint32_t key;
    std::memcpy(&key, frame + 2 + extended, key_size);
    char* const payload = frame + head;
    std::size_t at = 0;
    const std::uint64_t twice = key | std::uint64_t{key} << 32;
    for (; at + 8 <= length; at += 8) {
      std::uint64_t word;
      std::memcpy(&word, payload + at, 8);
      word ^= twice;
      std::memcpy(payload + at, &word, 8);
    }
    for (; at < length; ++at) payload[at] = static_cast<char>(payload[at] ^ reinterpret_cast<const char*>(&key)[at % key_size]);
    out.push_back(frame[0]);
    out.push_back(static_cast<char>(short_length));
    out.append(frame + 2, extended);
    out.append(payload, length);
    done += head + length;
  }
}

}  // namespace

int main() {
  std::unordered_map<int, connection> connections;
  std::vector<char> input(64 * 1024);
  std::string output;
  const auto opens = [&](int client) { connections[client] = {}; };
  serve_clients_of(listener("frame echo floor"), opens, [&](int client) {
    connection& of = connections[client];
    const std::size_t kept = of.rest.size();
    std::memcpy(input.data(), of.rest.data(), kept);
    const auto size = recv(client, input.data() + kept, input.size() - kept, 0);
    if (size <= 0) {
      close(client);
      connections.erase(client);
      return;
    }
    std::span<char> bytes(input.data(), kept + static_cast<std::size_t>(size));
    output.clear();
    if (!of.open) {
      const auto end = std::string_view(bytes.data(), bytes.size()).find("\r\n\r\n");
      of.open = end != std::string_view::npos;
      if (of.open) output = accepted;
      bytes = bytes.subspan(of.open ? end + 4 : 0);
    }
    if (of.open) bytes = bytes.subspan(echo(bytes, output));
    of.rest.assign(bytes.data(), bytes.size());
    // A client that does not take its answers is of no use here.
    if (!output.empty() && send(client, output.data(), output.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(output.size()))
      close(client);
  });
}
