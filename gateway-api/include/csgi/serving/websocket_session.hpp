// csgi/serving/websocket_session.hpp - one WebSocket conversation, over any server's connection.
#pragma once
#include <csgi/request.hpp>
#include <csgi/serving/byte_stream.hpp>
#include <csgi/serving/websocket_close.hpp>
#include <csgi/serving/websocket_deflater.hpp>
#include <csgi/serving/websocket_frame_reader.hpp>
#include <csgi/serving/websocket_inflater.hpp>
#include <csgi/serving/websocket_settings.hpp>
#include <csgi/websocket.hpp>
#include <array>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <string>

namespace csgi { inline namespace v1 {

/// All of csgi.websocket but the handshake's checks, which come before: frames, pings, closing, back-pressure. A server makes
/// one for a handshake that is right, gives it to the app that asks for the extension, and has it end what the app leaves open.
///
/// Frames that are sent are held back as long as more may join them, and leave together: before it waits for the peer, when
/// the bytes at hand are used up, or when its executor gets to what was posted.
///
/// Threads:   those of the exchange.
/// Lifetime:  the exchange's, and longer while it closes what the app has left.
/// Spec:      CSGI-WS-006 to CSGI-WS-037
class websocket_session final : public websocket {
 public:
  /// Lifetime:  all borrowed.
  websocket_session(byte_stream& stream, const request& handshake, const websocket_settings& settings);
  websocket_session(const websocket_session&) = delete;
  websocket_session& operator=(const websocket_session&) = delete;
  ~websocket_session();

  // --- for the server -------------------------------------------------------------------------------------------

  /// Whether nothing can be sent any more: either side has closed, or the connection is lost.
  bool closed() const noexcept { return state_ > state::open; }

  /// Whether the conversation is over: the stream is finished or aborted.
  bool over() const noexcept { return state_ == state::over && !finish_due_; }

  /// Bytes of messages sent, without framing.
  std::uint64_t sent() const noexcept { return sent_; }

  /// Tells the peer that the server is going away, as soon as the app has accepted; the app learns it as the end.
  void go_away() noexcept;

  /// The grace time is over: what is pending fails with operation_canceled, the peer is told if that can be done at once.
  void cancel_all() noexcept;

  /// The app aborts its exchange.
  void abort(std::errc reason) noexcept { lose(std::make_error_code(reason)); }

  /// Whether the app has left an operation pending.
  bool busy() const noexcept { return accept_ || receive_ || send_ || close_; }

  /// The app is done: what it left pending is not completed any more.
  void forget_operations() noexcept;

  /// And what it left open is closed, until over(). Nothing is posted any more.
  void leave(std::uint16_t code) noexcept;
  bool left() const noexcept { return left_; }

  // --- csgi::websocket: for the app -----------------------------------------------------------------------------

  begun begin_accept(accept_op& op) noexcept override;
  begun begin_receive(receive_op& op) noexcept override;
  begun begin_send(send_op& op) noexcept override;
  begun begin_close(close_op& op) noexcept override;
  bool accepted() const noexcept override { return state_ != state::offered; }
  websocket_end end() const noexcept override;

 private:
  static constexpr auto no_limit = clock::duration::max();

  enum class state : unsigned char {
    offered,
    open,
    closing,      ///< this side has closed, the peer has not
    over,
  };

  using frame_step = websocket_frame_reader::step;

  /// Work that may be queued when the session ends; then it frees itself.
  struct tidying final : work {
    websocket_session* of = nullptr;
    bool queued = false;
  };

  // websocket_session.cpp: the app's calls
  begun refuse_receive(receive_op& op) const noexcept;
  std::error_code refuse_send(const send_op& op) noexcept;
  std::string_view payload_of(const send_op& op, websocket_frame& frame);
  begun wait_to_send(send_op& op) noexcept;
  begun transmit(send_op& op) noexcept;
  begun receive_within(receive_op& op) noexcept;
  void opened() noexcept;

  // websocket_receiving.cpp
  bool try_receive(receive_op& op) noexcept;
  bool receive_joined(receive_op& op, const frame_step& piece) noexcept;
  bool give_joined(receive_op& op, bool last) noexcept;
  bool give(receive_op& op, std::string_view data, bool last) noexcept;
  std::error_code join(const frame_step& piece, bool whole) noexcept;
  void inflate(const frame_step& piece, bool whole);
  const frame_step* next_piece() noexcept;
  const frame_step& next_step() noexcept;
  const frame_step& next_step_of_rest() noexcept;
  void answer_ping(std::string_view payload) noexcept;
  void hold(const frame_step& piece) noexcept;
  void keep_rest() noexcept;
  bool nothing_at_hand() const noexcept { return unread_.empty() && rest_begin_ == rest_end_ && !has_held_; }
  bool read_more() noexcept;
  bool take_read() noexcept;
  bool take_end_of_read() noexcept;
  void begin_to_wait(clock::duration limit) noexcept;
  void spend_limit() noexcept;
  bool outwait() noexcept;
  bool hear_nothing() noexcept;
  void release_unused() noexcept;
  receive_op* try_pending() noexcept;
  bool complete_now(operation& op) noexcept;
  void on_read() noexcept;
  void look_ahead() noexcept;
  clock::duration patience() const noexcept;

  /// The stream, which tells of events only where it does not, is asked where there is none at hand.
  bool blocks() const noexcept { return !in_event_ && stream_.blocks(); }

  // websocket_closing.cpp
  void begin_closing(std::uint16_t code, std::string_view reason) noexcept;
  void peer_closes(std::uint16_t code, std::string_view reason) noexcept;
  void refuse_peer(std::uint16_t code) noexcept;
  void lose(std::error_code why) noexcept;
  void finish() noexcept;
  void conclude(std::error_code why) noexcept;
  void tell_receive() noexcept;
  void set_end(std::uint16_t code, std::string_view reason) noexcept;
  void say_closing(std::uint16_t code, std::string_view reason) noexcept;

  // websocket_output.cpp: what goes out, and when
  void append_control(websocket_opcode opcode, std::string_view payload) noexcept;
  void append_close() noexcept;
  void flush() noexcept;
  bool write(std::string_view borrowed, ending then) noexcept;
  bool has_due() const noexcept { return pong_due_ || close_due_ || finish_due_; }
  bool append_due() noexcept;
  void on_written() noexcept;
  void tidy() noexcept;
  void tidy_soon() noexcept;

  /// Never inside of a call of the app's. Does nothing where nothing is pending.
  template <class Operation>
  void complete_soon(Operation*& slot, std::error_code error) noexcept {
    if (!slot) return;
    Operation& op = *std::exchange(slot, nullptr);
    op.error = error;
    post_done(stream_.executor(), op);
  }

  // What every message needs comes first, and is little: a server with many connections has each one's lines to fetch again.

  byte_stream& stream_;
  const websocket_settings& settings_;
  std::span<char> unread_;                // of the stream's last chunk
  receive_op* receive_ = nullptr;         // the app's, pending
  send_op* send_ = nullptr;
  close_op* close_ = nullptr;
  bool* destroyed_ = nullptr;             // where who calls the app looks whether this is still there
  std::unique_ptr<websocket_deflater> deflater_;    // where compression was agreed upon
  std::size_t rest_begin_ = 0;            // of rest_
  std::size_t rest_end_ = 0;
  std::size_t held_back_ = 0;             // bytes of frames that wait for more to join them
  std::uint64_t sent_ = 0;
  unsigned inline_reads_ = 0;
  message_kind joined_kind_ = message_kind::text;
  message_kind outgoing_kind_ = message_kind::text;
  state state_ = state::offered;
  bool reading_ = false;                  // read_ is pending
  bool writing_ = false;                  // write_ is pending
  bool unsent_ = false;                   // the stream's output has bytes, and nothing is on its way to send them
  bool in_event_ = false;                 // called by the stream: tidy() follows
  bool gives_way_ = false;                // others get their turn: tidy() comes, and reads on
  bool impatient_ = false;                // a read is to find out whether there is something, and not to wait
  bool has_held_ = false;
  bool carried_ = false;                  // the piece at hand, or the one that is held, is in rest_
  bool given_ = false;                    // the app may look at received bytes,
  bool set_aside_ = false;                // which are out of the way of reads
  bool gave_large_ = false;               // what the app looks at is joined_, whose memory is not to be kept
  bool quiet_ = false;                    // pinged by the peer, and no message since that needs memory
  bool in_outgoing_ = false;              // a message of the app's has begun and not ended
  bool outgoing_deflated_ = false;
  bool in_joined_ = false;                // a message has begun in joined_
  bool pinged_ = false;                   // and has not heard since
  bool pong_due_ = false;                 // these three: when the write at hand is done
  bool close_due_ = false;
  bool finish_due_ = false;
  bool send_under_way_ = false;           // write_ is that of send_
  bool cancelled_ = false;
  bool left_ = false;                     // the app is done
  bool going_away_ = false;               // the server, since before the app has accepted
  bool clean_ = false;
  bool told_ = false;                     // a receive has told the app that it is over
  bool has_limits_ = false;               // a receive has had a limit: what is kept of that is far below
  utf8_check outgoing_text_;
  read_op read_;
  write_op write_;
  websocket_frame_reader reader_;

  const request& handshake_;
  accept_op* accept_ = nullptr;           // the app's, pending
  upgrade_op upgrade_;
  std::unique_ptr<tidying> tidying_;
  std::string joined_;                    // what came of a message in several pieces
  std::unique_ptr<websocket_inflater> inflater_;    // where compression was agreed upon
  std::string deflated_;                  // what is sent of a message
  frame_step held_;                       // a piece that was received ahead of the app
  websocket_close_payload closing_{websocket_close_code::none};    // what this side says in closing
  std::string due_pong_;
  clock::time_point close_by_ = clock::time_point::max();
  clock::time_point next_look_{};
  clock::time_point read_at_{};           // when the read at hand began
  clock::duration receive_limit_ = no_limit;    // what is left of the limit of the app's receive
  clock::duration read_limit_{};          // how long the read at hand waits
  clock::duration silence_{};             // how long nothing has come in receives whose limit was over before the next ping
  std::size_t inline_bytes_ = 0;          // sent in a row without a wait
  std::array<char, 256> rest_;            // of the chunk before: the beginning of a head or of a control frame
  std::array<char, longest_websocket_reason> reason_;
  unsigned char reason_size_ = 0;
  std::uint16_t end_code_ = websocket_close_code::abnormal;
};

}}  // namespace csgi::v1
