// csgi/serving/websocket_deflater.hpp - compresses the messages of a WebSocket (RFC 7692, 7.2.1).
#pragma once
#include <csgi/operation.hpp>
#include <csgi/serving/websocket_deflate.hpp>
#include <memory>

namespace csgi { inline namespace v1 {

/// Makes messages, as a whole or piece by piece, into the payload of frames whose first has RSV1.
///
/// Without server_takeover nothing is kept between messages: then one may serve all connections of a thread whose
/// server_window_bits are the same, if each message is given to it at once.
///
/// Threads:   one at a time.
class websocket_deflater {
 public:
  /// Takes no memory before the first message.
  websocket_deflater(const websocket_deflate_terms& terms, const websocket_deflate_settings& settings) noexcept;
  ~websocket_deflater();
  websocket_deflater(websocket_deflater&&) noexcept;
  websocket_deflater& operator=(websocket_deflater&&) noexcept;

  /// Appends to `payload` what there is of the message so far. With ending::more that may be nothing, with flush a client can
  /// inflate all of `bytes` from it, with finish the message is whole and the next call begins another.
  ///
  /// Errors:    std::bad_alloc; what is sent from then on would not be understood, so the WebSocket has to be closed.
  void deflate(std::string_view bytes, ending then, std::string& payload);

  /// Gives zlib's memory back, where nothing in it is needed: between messages, without server_takeover. The next message
  /// takes it again; with the largest window that costs as much as compressing 16 KiB, so it is for connections that are idle.
  void release() noexcept;

 private:
  class stream;
  struct end_stream { void operator()(stream*) const noexcept; };

  stream& started();

  std::unique_ptr<stream, end_stream> stream_;
  bool takeover_;
  signed char window_bits_, memory_level_, level_;
  bool in_message_ = false;
  bool flushed_ = true;           // nothing is in the stream that was not given
};

}}  // namespace csgi::v1
