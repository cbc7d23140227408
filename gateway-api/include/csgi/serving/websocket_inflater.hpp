// csgi/serving/websocket_inflater.hpp - inflates the compressed messages of a WebSocket (RFC 7692, 7.2.2).
#pragma once
#include <csgi/operation.hpp>
#include <csgi/serving/websocket_deflate.hpp>
#include <csgi/serving/websocket_frame.hpp>
#include <csgi/utf8.hpp>
#include <memory>

namespace csgi { inline namespace v1 {

/// Takes the pieces that a frame reader gives of a compressed message, and gives the message in pieces no larger than the caller's
/// buffer. It checks what the frame reader could not: the message's size, and of a text that it is UTF-8.
///
/// The same bytes give the same message however they are split and whatever the buffer, with one exception: who refers
/// further back than the window that was agreed is not always caught, as zlib looks in the buffer too.
///
/// Without client_takeover nothing is kept between messages.
///
/// Threads:   one at a time.
class websocket_inflater {
 public:
  enum class state : unsigned char {
    more,       ///< everything was consumed, and the message goes on
    data,       ///< the buffer is full: go on with what was not consumed, which may be nothing
    end,        ///< the message is whole
    rejected,   ///< the connection has failed: `code` is to be sent, `data` says for the log what was wrong
  };
  struct step {
    state now;
    std::uint16_t code = 0;
    std::size_t consumed = 0;
    std::string_view data = {};     ///< in the buffer, or static where rejected; may be empty
  };

  /// Takes no memory before the first message. `message_limit`: bytes of one message when inflated; more: 1009.
  websocket_inflater(const websocket_deflate_terms& terms, std::uint64_t message_limit) noexcept;
  ~websocket_inflater();
  websocket_inflater(websocket_inflater&&) noexcept;
  websocket_inflater& operator=(websocket_inflater&&) noexcept;

  /// Begins a message: text or binary.
  void begin(websocket_opcode type) noexcept;

  /// Goes on with the message: with what was received of it behind the last step's consumed bytes. `last`: nothing of the message
  /// comes behind `payload`, see step::ends of the frame reader.
  ///
  /// Requires:  begin() before the first piece, and `buffer` is not empty. After rejected nothing more is to be given.
  /// Errors:    std::bad_alloc.
  step inflate(std::string_view payload, bool last, std::span<char> buffer);

  /// Gives zlib's memory back, where nothing in it is needed: between messages, without client_takeover.
  void release() noexcept;

 private:
  class stream;
  struct end_stream { void operator()(stream*) const noexcept; };

  stream& started();
  step judged(step given) noexcept;
  step ended() noexcept;

  std::unique_ptr<stream, end_stream> stream_;
  std::uint64_t limit_;
  std::uint64_t given_ = 0;         // of this message
  utf8_check text_;
  bool takeover_;
  signed char window_bits_;
  bool is_text_ = false;
  bool in_message_ = false;
  bool any_ = false;                // byte of the message was there; without one it is empty (RFC 7692 wants one for that)
  unsigned char tail_ = 0;          // bytes of the message's end that were left out on the wire, and are taken
};

}}  // namespace csgi::v1
