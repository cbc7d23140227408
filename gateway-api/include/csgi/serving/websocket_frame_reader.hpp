// csgi/serving/websocket_frame_reader.hpp - takes WebSocket frames off what was received (RFC 6455, 5 to 8).
#pragma once
#include <csgi/serving/websocket_frame.hpp>
#include <csgi/utf8.hpp>

namespace csgi { inline namespace v1 {

/// Whose frames are read: a client's are masked, a server's are not (RFC 6455, 5.1).
enum class websocket_sender : unsigned char { client, server };

/// Gives messages piece by piece and control frames whole, as views of the received bytes, which it unmasks where they are.
/// The same bytes give the same messages however they are split over calls, and nothing is allocated.
///
/// It checks all that RFC 6455 has a peer's frames checked for, and of a text that it is UTF-8, as early as can be known. A
/// compressed message's text is for who inflates it to check.
///
/// Threads:   one at a time.
class websocket_frame_reader {
 public:
  // Well-kept libraries do this. wslay, websocketpp and Beast own the connection's buffers and copy each message: an echo by Beast
  // was measured at .64 (125 bytes, one in flight), .05 (sixteen in flight) and .18 (16 KiB) of the throughput of one without a
  // protocol. uWebSockets is fast (.97, .86, .95), but its frames cannot be had without its event loop and sockets, and no
  // distribution packages it. Hence our own.

  struct rules {
    std::uint64_t message_limit = 1024 * 1024;    ///< bytes of one message's payload; more: 1009, known from the frame's head
    bool deflate = false;                         ///< permessage-deflate was agreed upon
    websocket_sender sender = websocket_sender::client;
  };

  enum class state : unsigned char {
    more,       ///< needs more bytes: at least `needed` behind the consumed ones
    data,       ///< `data` is a piece of a message; empty only where it ends the message
    ping,       ///< `data` is to be sent back in a pong
    pong,
    close,      ///< with `code`, websocket_close_code::none if it has none, and `data`, the reason; nothing is read after it
    rejected,   ///< the connection has failed: `code` is to be sent, `data` says for the log what was wrong
  };

  struct step {
    state now = state::more;
    websocket_opcode type = websocket_opcode::binary;   ///< of data: text or binary
    bool begins = false;                                ///< of data: a message's first piece
    bool ends = false;                                  ///< of data: its last piece
    bool compressed = false;                            ///< of data: to be inflated
    std::uint16_t code = 0;
    std::size_t consumed = 0;                           ///< bytes done with; what is behind them is to be given again
    std::size_t needed = 0;
    std::string_view data = {};                         ///< within the consumed bytes, or static where rejected
  };

  explicit websocket_frame_reader(const rules& r) noexcept : rules_(r) {}

  /// Goes on with what was received after the last step's consumed bytes, which begins with what was left then as this has
  /// left it.
  ///
  /// A data frame's payload of at most `whole` bytes is given at once, when all of it is there: until then the state is `more`.
  /// A larger one comes in pieces, as it is received. A caller whose buffer takes `whole` bytes, and at least 125, never has to
  /// join a message of one frame that fits. `whole` may be another one in each call.
  ///
  /// After close and rejected it consumes nothing and gives the same again, a close without its reason.
  ///
  /// Lifetime:  the step until the next call, its data as long as the received bytes.
  const step& read(std::span<char> received, std::size_t whole = 0) noexcept;

  /// Whether a message has begun and not ended.
  bool in_message() const noexcept { return message_type_ != websocket_opcode::continuation; }

 private:
  enum class place : unsigned char { head, payload, over };

  struct head_size {
    std::size_t bytes = 0;      // 0: not all of it is there
    std::size_t needed = 0;
  };

  const step* read_small_message(std::span<char> received) noexcept;
  const step& read_on(std::span<char> received, std::size_t whole) noexcept;
  head_size read_head(std::string_view received) noexcept;
  bool first_byte_fits(unsigned byte) noexcept;
  bool second_byte_fits(unsigned byte) noexcept;
  bool length_fits(std::uint64_t length, unsigned coded_bytes) noexcept;
  void begin_payload(std::uint64_t length) noexcept;
  const step& read_control(std::span<char> received, std::size_t consumed) noexcept;
  const step& read_data(std::span<char> received, std::size_t consumed, std::size_t whole) noexcept;
  const step& give(std::string_view piece, std::size_t consumed) noexcept;
  const step& closed(std::string_view payload, std::size_t consumed) noexcept;
  bool reject(std::uint16_t code, std::string_view why) noexcept;
  const step& rejected(std::uint16_t code, std::string_view why, std::size_t consumed) noexcept;
  const step& over(std::size_t consumed) noexcept;
  bool is_control() const noexcept { return static_cast<unsigned>(opcode_) >= 8; }
  bool is_checked_text() const noexcept { return message_type_ == websocket_opcode::text && !compressed_; }
  std::uint64_t most_bytes() const noexcept;

  // What read_small_message() looks at comes first.

  rules rules_;
  place place_ = place::head;
  websocket_opcode message_type_ = websocket_opcode::continuation;  // none is begun
  websocket_opcode opcode_ = websocket_opcode::continuation;        // this frame's
  state end_ = state::rejected;         // where it is over
  bool final_ = false;
  bool compressed_ = false;
  bool in_pieces_ = false;              // this frame is given as it comes
  bool begun_ = false;                  // the message's first piece was given
  step step_;
  std::uint64_t message_bytes_ = 0;     // of the frames so far, this one included
  std::uint64_t rest_ = 0;              // of this frame's payload: not given yet
  std::size_t ready_ = 0;               // of which are unmasked and checked, at the front of what is left
  std::string_view why_;
  websocket_mask mask_;
  utf8_check text_;
  std::uint16_t code_ = 0;
};

}}  // namespace csgi::v1
