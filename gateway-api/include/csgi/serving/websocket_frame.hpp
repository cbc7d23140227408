// csgi/serving/websocket_frame.hpp - the bytes of WebSocket frames that are sent (RFC 6455, 5.2).
#pragma once
#include <array>
#include <csgi/serving/websocket_mask.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace csgi { inline namespace v1 {

enum class websocket_opcode : unsigned char { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// What a frame's first byte says.
struct websocket_frame {
  websocket_opcode opcode = websocket_opcode::binary;
  bool ends = true;             ///< FIN: the message's last frame
  bool compressed = false;      ///< RSV1, as permessage-deflate has it: in a message's first frame only
};

/// A client's four bytes; random ones where it matters (RFC 6455, 10.3).
using websocket_key = std::array<char, websocket_mask::key_size>;

/// What goes before a payload of `size` bytes: 2 to 10 bytes, or 4 more with a client's key. Writes what it is told, also what
/// nobody may send.
class websocket_frame_head {
 public:
  websocket_frame_head(const websocket_frame& frame, std::uint64_t size, const std::optional<websocket_key>& key = {}) noexcept {
    constexpr unsigned fin = 0x80, rsv1 = 0x40, masked = 0x80, two_bytes = 126, eight_bytes = 127;
    const unsigned first = static_cast<unsigned>(frame.opcode) | (frame.ends ? fin : 0) | (frame.compressed ? rsv1 : 0);
    const unsigned mask_bit = key ? masked : 0;
    if (size < two_bytes) [[likely]] {
      put_both(first, mask_bit | static_cast<unsigned>(size));
    } else if (size <= 0xFFFF) {
      put_both(first, mask_bit | two_bytes);
      put_number(size, 2);
    } else {
      put_both(first, mask_bit | eight_bytes);
      put_number(size, 8);
    }
    if (!key) return;
    for (const char byte : *key) bytes_[size_++] = byte;
  }

  /// Valid while this is.
  std::string_view bytes() const noexcept { return {bytes_, size_}; }

  void append_to(std::string& out) const {
    if (size_ == 2) [[likely]] out.append(bytes_, 2);     // a constant: no call
    else out.append(bytes());
  }

 private:
  /// In one store: a processor cannot load together what was just stored in parts, and would wait for the stores.
  void put_both(unsigned first, unsigned second) noexcept { put_number(first << 8 | second, 2); }

  void put_number(std::uint64_t number, unsigned count) noexcept {
    while (count-- > 0) bytes_[size_++] = static_cast<char>(number >> (8 * count) & 0xFF);
  }

  char bytes_[10 + websocket_mask::key_size];
  unsigned char size_ = 0;
};

/// Appends a whole frame: for clients, and for who has the payload in one place anyway.
inline void append_websocket_frame(std::string& out, const websocket_frame& frame, std::string_view payload,
                                   const std::optional<websocket_key>& key = {}) {
  const websocket_frame_head head(frame, payload.size(), key);
  out.reserve(out.size() + head.bytes().size() + payload.size());
  head.append_to(out);
  const std::size_t begin = out.size();
  out.append(payload);
  if (key) websocket_mask(key->data()).apply({out.data() + begin, payload.size()});
}

}}  // namespace csgi::v1
