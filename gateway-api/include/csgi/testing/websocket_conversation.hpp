// csgi/testing/websocket_conversation.hpp - a WebSocket that a test speaks with an app: the client's end.
#pragma once
#include <csgi/serving/websocket_frame_reader.hpp>
#include <csgi/testing/conversation.hpp>
#include <csgi/websocket.hpp>
#include <iosfwd>

namespace csgi::testing {

/// What a test says of a WebSocket, beyond its target.
struct websocket_options {
  std::vector<std::string> subprotocols = {};   ///< offered, the preferred one first
  field_list fields = {};                       ///< as Origin; cookies are the client's
  bool responsive = true;                       ///< false: the app's pings and its closing are not answered
};

/// A message of the app's. It equals a string when it is that text.
struct received_message {
  std::string data;
  message_kind kind = message_kind::text;

  bool operator==(const received_message&) const = default;
  friend bool operator==(const received_message& a, std::string_view text) noexcept { return a.kind == message_kind::text && a.data == text; }
};
std::ostream& operator<<(std::ostream& out, const received_message& m);

/// How the app's side has ended a conversation.
struct websocket_farewell {
  std::uint16_t code = 1006;      ///< 1005: it gave none; 1006: it was lost, and nothing was said
  std::string reason = {};

  bool operator==(const websocket_farewell&) const = default;
};
std::ostream& operator<<(std::ostream& out, const websocket_farewell& f);

/// A receive() where nothing more comes.
class websocket_over : public std::runtime_error {
 public:
  explicit websocket_over(websocket_farewell how);

  const websocket_farewell& how() const noexcept { return how_; }

 private:
  websocket_farewell how_;
};

/// Calls wait for the app. What waits for what never comes throws std::logic_error, as does what is sent to an app that has
/// declined, with its answer.
///
///   auto socket = c.websocket("/chat", {.subprotocols = {"chat"}});
///   REQUIRE(socket.accepted());
///   socket.send("hi");
///   CHECK(socket.receive() == "hi");
///   socket.close(1000, "bye");
///   CHECK(socket.end().code == 1000);
///
/// The conversation is that of a server: csgi.websocket with real frames in memory. The client answers pings and the app's
/// closing by itself, as browsers do.
/// Errors:    what the app threw, where the client raises that.
/// Lifetime:  its end disconnects, and waits until the app is done. It ends before its client.
/// Threads:   the client's.
class websocket_conversation {
 public:
  /// Whether the app has said yes.
  bool accepted();

  /// The app's answer: the head of the 101, or all of the response by which it has declined.
  ///
  /// Errors:    broken_response.
  response answer();

  /// The one that the app has chosen, or none.
  std::string subprotocol();

  /// Sends a text message, or a part of one; returns when the app's side has taken it.
  void send(std::string_view text, bool last = true);
  void send_binary(std::string_view data, bool last = true);

  /// Sends any frame, also one that nobody may send; masked, as a client's.
  void send_frame(const websocket_frame& frame, std::string_view payload);

  /// Waits for the next message.
  ///
  /// Errors:    websocket_over.
  received_message receive();

  /// Waits for the answer to a ping.
  ///
  /// Errors:    websocket_over.
  void ping(std::string_view payload = {});

  /// Says that the client closes. Does nothing where that is said already.
  void close(std::uint16_t code = 1000, std::string_view reason = {});

  /// Waits until the conversation is over and the app is done. Messages that were not received can still be.
  websocket_farewell end();

  /// The client goes away without a word.
  void disconnect() noexcept { live_.disconnect(); }

  /// The server begins to stop, or wants the request to end.
  void drain() noexcept { live_.exchange().drain(); }
  void stop() noexcept { live_.stop(); }

  /// Waits until the app is done and its finish hooks have run. How the conversation ended for these.
  csgi::outcome outcome();

  /// Whether the app is done.
  bool ended() const noexcept { return live_.ended(); }

  memory_exchange& exchange() noexcept { return live_.exchange(); }

 private:
  friend class async_client;
  friend class client;

  websocket_conversation(conversation live, bool responsive);

  template <class Over>
  void wait(Over over);
  bool is_open();
  bool is_answered() const { return live_.exchange_->has_head() || live_.exchange_->over(); }
  bool is_settled();
  bool has_message();
  bool is_taken();
  void require_acceptance();
  [[noreturn]] static void raise_declined(int status, const std::string& body);
  websocket_frame next_part(message_kind kind, bool last) noexcept;
  void take_frames();
  void take(const websocket_frame_reader::step& frame);
  void give(const websocket_frame& frame, std::string_view payload);
  void answer_with(websocket_opcode opcode, std::string_view payload);
  [[noreturn]] void raise_over();

  conversation live_;
  std::optional<response> head_;            // of the 101
  std::optional<response> declined_;
  websocket_frame_reader reader_;
  std::string unread_;                      // bytes of frames
  received_message part_;
  std::vector<received_message> messages_;  // the first is the next one
  websocket_farewell farewell_;
  std::size_t pongs_ = 0;
  bool responsive_;
  bool in_message_ = false;                 // of this side
  bool closed_ = false;                     // by this side
};

}  // namespace csgi::testing
