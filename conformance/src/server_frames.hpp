// server_frames.hpp - takes frames of a WebSocket off what a server has sent, and nothing on trust (RFC 6455, 5).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace csgi::conformance {

struct server_frame {
  unsigned opcode = 0;
  bool ends = true;
  std::string payload;
  bool compressed = false;      ///< the message that it begins is

  bool is_control() const noexcept { return opcode >= 8; }
};

/// The reader of one connection. It is the suite's own, so that a fault that a server shares with the library is seen.
///
/// Errors:    unmet, for whatever a server must not send.
class server_frames {
 public:
  /// From now on messages may be compressed.
  void allow_compression() noexcept { may_be_compressed_ = true; }

  /// The next frame, taken off the front; none while it is not all there.
  std::optional<server_frame> take_from(std::string& received);

 private:
  void check_turn(const server_frame& frame) const;
  void check_end(const server_frame& frame);

  bool in_message_ = false;
  bool in_text_ = false;      ///< one that is not compressed
  bool may_be_compressed_ = false;
  std::string text_;          // of the message so far
};

}  // namespace csgi::conformance
