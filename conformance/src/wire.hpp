// wire.hpp - a client that speaks raw bytes, keeps a transcript, and waits for nothing longer than its patience.
#pragma once
#include "message_inflater.hpp"
#include "patience.hpp"
#include "server_frames.hpp"
#include "unmet.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csgi::conformance {

/// In characters that people read: \r, \x00.
std::string visible(std::string_view bytes);

/// One response as it was on the wire.
struct reply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  bool whole = false;       ///< its framing says that nothing is missing
  unsigned interim = 0;     ///< 1xx that came before it

  bool has(std::string_view name) const;
  /// The values of that field, joined with ", ".
  std::string value(std::string_view name) const;
};

class wire {
 public:
  wire(std::uint16_t port, patience& wait);
  wire(const wire&) = delete;
  wire& operator=(const wire&) = delete;
  ~wire();

  // Each throws `unmet` where the server does not do its part in time.

  /// Takes what comes while the server does not read.
  void send(std::string_view bytes);
  void drip(std::string_view bytes);
  /// A byte after each `gap`, until the server has answered or closed.
  void trickle(std::string_view bytes, std::chrono::milliseconds gap);
  /// Whether the server has sent anything that was not received yet, or has closed. Waits for nothing.
  bool has_news() const { return has_news_within(std::chrono::milliseconds(0)); }
  /// The same, and waits for it.
  bool has_news_within(std::chrono::milliseconds time) const { return ended_ || !received_.empty() || readable_within(time); }
  /// The next response, or the rest of the one begun; 1xx skipped.
  reply receive(std::string_view method);
  /// The same, or what there is of it `time` after its head.
  reply receive_within(std::string_view method, std::chrono::milliseconds time);
  /// What there is of a response whose end did not come.
  const std::optional<reply>& unfinished() const noexcept { return reply_; }
  /// These body bytes, of the response begun or the next one.
  void receive_some(std::string_view bytes);
  void broken();
  void receive_text(std::string_view expected);
  void through(std::string_view bytes);
  /// The next frame of a WebSocket.
  server_frame receive_frame();
  /// permessage-deflate was agreed upon. `keeps`: a message of the server's may refer to those before it.
  void expect_compression(bool keeps);
  /// The whole message that was received compressed.
  std::string inflated(std::string compressed) { return inflater_->inflate(std::move(compressed)); }
  void silence();
  void end();
  void torn();
  void ended();
  /// Everything until the server closes.
  std::string rest();
  /// Sends until the server stops reading. Returns how much it was.
  std::size_t flood(std::string_view bytes, std::size_t most);
  void half_close();
  void reset();
  void reconnect();

  /// Takes what comes a little at a time from now on.
  void slow_down() noexcept { slow_ = true; }
  /// Has room for little that comes, from now on.
  void narrow() const noexcept;
  /// Waits for what comes next: whether that is the connection's end.
  bool closed() { return received_.empty() && !more(); }
  std::uint16_t local_port() const;

  /// What was sent ("> ") and received ("< "), made visible.
  const std::string& transcript() const noexcept { return transcript_; }

 private:
  void connect();
  void close() noexcept;
  bool more();                      // false: the server has closed
  bool readable_within(std::chrono::milliseconds time) const;
  std::string take(std::size_t count);
  std::string head();
  void begin(std::string_view method);
  bool take_body();                 // what has come of it; whether that is all
  bool take_chunks();
  void note(char direction, std::string_view bytes);

  std::uint16_t port_;
  patience& patience_;
  int socket_ = -1;
  bool ended_ = false;
  bool was_reset_ = false;
  bool slow_ = false;
  std::string received_;
  server_frames frames_;
  std::optional<message_inflater> inflater_;

  // The response that is being received.
  enum class framing : unsigned char { none, length, chunks, connection };
  std::optional<reply> reply_;
  framing framing_ = framing::none;
  std::uint64_t left_ = 0;          // of the length, or of the current chunk
  bool in_chunk_ = false;
  bool last_chunk_ = false;
  std::size_t seen_ = 0;            // body bytes that receive_some() has compared
  std::string transcript_;
};

}  // namespace csgi::conformance
