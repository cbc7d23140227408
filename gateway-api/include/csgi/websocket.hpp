// csgi/websocket.hpp - extension: a conversation of messages on the connection of a request (RFC 6455). Spec: websocket.
#pragma once
#include <csgi/extension.hpp>
#include <csgi/field.hpp>
#include <csgi/operation.hpp>

namespace csgi { inline namespace v1 {

enum class message_kind : unsigned char { text, binary };

/// How a conversation ended.
struct websocket_end {
  std::uint16_t code = 1006;        ///< what was said in closing; 1005: nothing; 1006: the connection was lost
  std::string_view reason{};        ///< the peer's or the app's words, UTF-8; valid until the exchange ends
  bool clean = false;               ///< both sides have said that they close
};

/// A message as it was received, or a part of it; or none, as nothing more comes.
struct message {
  std::string_view data{};
  message_kind kind = message_kind::text;
  bool last = true;                 ///< the message ends with it; false: other parts follow
  bool open = true;                 ///< false: the conversation is over, and this is no message

  explicit operator bool() const noexcept { return open; }
};

/// Says yes to the client.
struct accept_op : operation {
  std::string_view subprotocol{};     ///< one that the client offers, or empty: none
  std::span<const field> fields{};    ///< for the head of the 101; as in a response_head, and no Sec-WebSocket-*
};

/// Takes the next message.
struct receive_op : operation {
  bool whole = true;                  ///< the caller's; false: what there is of it, so that it may be of any size
  clock::duration limit = clock::duration::max();     ///< the caller's, in blocking apps; coroutines cancel it instead
  message got{};                      ///< the outcome; its data are valid until the next receive begins

  const message& result() const noexcept { return got; }
};

/// Sends a message or a part of one. The data are borrowed until the operation is done.
struct send_op : operation {
  std::string_view data{};
  message_kind kind = message_kind::text;
  bool last = true;                   ///< false: the next send goes on with the same message, of the same kind
};

/// Ends the conversation.
struct close_op : operation {
  std::uint16_t code = 1000;          ///< 1000 to 1003, 1007 to 1014, 3000 to 4999
  std::string_view reason{};          ///< UTF-8, at most 123 bytes; consumed before the call returns
};

/// Offered where the request is a WebSocket handshake, which the server has checked. Until accepted, the request is one like
/// any other: to decline is to answer it, with any status, fields and body. Once accepted, the exchange's own reads and writes
/// fail with operation_not_permitted. Frames, masks, pings, compression and the checks of UTF-8 are the server's.
///
/// A client is read from while the app receives, and a little ahead, so that its pings and its closing are seen by an app that
/// only sends. An app that ends without having closed has it closed with 1000; one that throws, with 1011.
///
/// Lifetime:  the exchange's.
/// Threads:   the executor's, or the handler's thread. One receive may be pending beside one send or close.
/// Errors:    operation_not_permitted before accepting, and from receives after the end; connection_reset from sends once the peer is gone or either side has
///            closed; operation_canceled, operation_in_progress, timed_out and not_enough_memory as everywhere. A rejected
///            call changes nothing.
/// Spec:      CSGI-WS
class websocket {
 public:
  static constexpr extension_id id{"csgi.websocket", touches::response};

  /// Completes when the 101 is on its way.
  ///
  /// Errors:    invalid_argument: a subprotocol that was not offered, or a field that may not be sent;
  ///            operation_not_permitted: accepted already, or the response is committed; connection_reset.
  virtual begun begin_accept(accept_op&) noexcept = 0;

  /// Completes with the next message, or without one once the conversation is over: how, end() tells. That is told once, so that
  /// who does not look does not go on for ever: a receive begun later fails.
  ///
  /// Limits:    a message that is wanted whole is at most server_limits::websocket_message bytes; the peer of a larger one
  ///            is told 1009, and that is the end.
  /// Errors:    timed_out: `limit` is over, and nothing is lost; operation_not_permitted: one has told that it is over; no
  ///            connection_reset: a lost connection is an end as well.
  virtual begun begin_receive(receive_op&) noexcept = 0;

  /// Completes when the data are sent or taken over by the server, which takes only a bounded amount.
  ///
  /// Errors:    invalid_argument: text that is not UTF-8, another kind than the message began with.
  virtual begun begin_send(send_op&) noexcept = 0;

  /// Completes when the peer has closed too, or server_deadlines::websocket_close has passed. What the peer sends meanwhile is
  /// dropped. Does nothing where the conversation is over.
  ///
  /// Errors:    invalid_argument: a code or reason that may not be sent.
  virtual begun begin_close(close_op&) noexcept = 0;

  /// Whether the client was told yes: from then on there is a conversation, and no response. Middleware asks it too.
  virtual bool accepted() const noexcept = 0;

  /// How the conversation ended. Requires: a receive has told that it is over, or a close is done.
  virtual websocket_end end() const noexcept = 0;

 protected:
  ~websocket() = default;
};

}}  // namespace csgi::v1
