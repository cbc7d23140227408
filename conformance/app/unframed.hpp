// unframed.hpp - what an app says on a WebSocket, however its server has cut that into frames.
#pragma once
#include <csgi/serving/websocket_frame_reader.hpp>
#include <limits>

namespace csgi::conformance {

/// Turns what a server sends behind its 101 into bytes that depend on messages alone: a kind before each, a line end behind it,
/// and the close. Pings and pongs are the server's.
class unframed {
 public:
  std::string take(std::string_view received);

 private:
  websocket_frame_reader reader_{{.message_limit = std::numeric_limits<std::uint64_t>::max(), .sender = websocket_sender::server}};
  std::string unread_;      // bytes of frames
};

}  // namespace csgi::conformance
