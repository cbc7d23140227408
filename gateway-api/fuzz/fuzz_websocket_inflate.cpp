#include "require.hpp"
#include <csgi/serving/websocket_deflater.hpp>
#include <csgi/serving/websocket_inflater.hpp>
#include <vector>

using csgi::websocket_inflater;
using state = websocket_inflater::state;

namespace {

constexpr std::uint64_t limit = 100'000;

struct outcome {
  std::string data;             // of messages that were whole
  std::uint16_t code = 0;

  bool operator==(const outcome&) const = default;
};

/// Two messages, so that the second may refer to the first.
outcome inflate(const csgi::websocket_deflate_terms& terms, csgi::websocket_opcode type, std::string_view bytes,
                std::size_t piece, std::size_t buffer_size) {
  websocket_inflater inflater(terms, limit);
  std::vector<char> buffer(buffer_size);
  outcome found;
  for (const auto& payload : {bytes.substr(0, bytes.size() / 2), bytes.substr(bytes.size() / 2)}) {
    std::string message;
    inflater.begin(type);
    bool whole = false;
    for (std::size_t at = 0; !whole; at += piece) {
      std::string_view rest = payload.substr(std::min(at, payload.size()), piece);
      const bool last = at + piece >= payload.size();
      for (;;) {
        const auto step = inflater.inflate(rest, last, buffer);
        if (step.now == state::rejected) {
          require(step.code == 1007 || step.code == 1009);
          found.code = step.code;
          return found;
        }
        rest.remove_prefix(step.consumed);
        message += step.data;
        require(message.size() <= limit &&
                (step.now != state::data || step.data.size() == buffer.size() || message.size() == limit));
        whole = step.now == state::end;
        if (step.now != state::data) break;
      }
      require(rest.empty() && whole == last);
    }
    require(type != csgi::websocket_opcode::text || csgi::is_utf8(message));
    found.data += message + "|";
    inflater.release();
  }
  return found;
}

/// What is deflated is inflated to the same.
void check_both_ways(const csgi::websocket_deflate_terms& terms, std::string_view bytes) {
  csgi::websocket_deflater deflater(terms, {.memory_level = 1});
  websocket_inflater inflater(
      {.client_takeover = terms.server_takeover, .client_window_bits = terms.server_window_bits}, bytes.size());
  std::vector<char> buffer(bytes.size() + 1);
  for (int i = 0; i < 2; ++i) {
    std::string payload;
    deflater.deflate(bytes.substr(0, bytes.size() / 3), csgi::ending::more, payload);
    deflater.deflate(bytes.substr(bytes.size() / 3), i == 0 ? csgi::ending::flush : csgi::ending::more, payload);
    deflater.deflate({}, csgi::ending::finish, payload);
    inflater.begin(csgi::websocket_opcode::binary);
    const auto step = inflater.inflate(payload, true, buffer);
    require(step.now == state::end && step.data == bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0 || size > 10'000) return 0;
  // The client's window is the largest, beyond which nothing can refer: with a smaller one zlib's result depends on the buffer.
  const bool takeover = (data[0] & 1) != 0;
  const csgi::websocket_deflate_terms terms = {
      .server_takeover = takeover, .client_takeover = takeover, .server_window_bits = 9 + (data[0] >> 1) % 7};
  const auto type = (data[0] & 0x80) != 0 ? csgi::websocket_opcode::text : csgi::websocket_opcode::binary;
  const auto bytes = bytes_of(data + 1, size - 1);
  const outcome at_once = inflate(terms, type, bytes, size, 200'000);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, size})
    for (const std::size_t buffer : {13u, 1024u}) require(inflate(terms, type, bytes, piece, buffer) == at_once);
  check_both_ways(terms, bytes);
  return 0;
}
