// wire.hpp - a client that speaks raw bytes, keeps a transcript, and waits for nothing longer than its patience.
#pragma once
#include "patience.hpp"
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csgi::conformance {

/// What the server did is not what was demanded; what() is the reason, in a sentence.
class unmet : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One response as it was on the wire.
struct reply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  bool whole = false;       ///< its framing says that nothing is missing

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

  void send(std::string_view bytes);
  void drip(std::string_view bytes);
  /// A byte after each `gap`, until the server has answered or closed.
  void trickle(std::string_view bytes, std::chrono::milliseconds gap);
  /// Whether the server has sent anything that was not received yet, or has closed. Waits for nothing.
  bool has_news() const { return ended_ || !received_.empty() || readable_within(std::chrono::milliseconds(0)); }
  /// The next response, 1xx skipped.
  reply receive(std::string_view method);
  void receive_text(std::string_view expected);
  void through(std::string_view bytes);
  void silence();
  void end();
  void ended();
  void flood(std::string_view bytes, std::size_t most);
  void half_close();
  void reset();
  void reconnect();

  /// What was sent ("> ") and received ("< "), made visible.
  const std::string& transcript() const noexcept { return transcript_; }

 private:
  void connect();
  void close() noexcept;
  bool more();                      // false: the server has closed
  bool readable_within(std::chrono::milliseconds time) const;
  std::string take(std::size_t count);
  std::string head();
  void read_body(reply& r, std::string_view method);
  void read_chunks(reply& r);
  void note(char direction, std::string_view bytes);

  std::uint16_t port_;
  patience& patience_;
  int socket_ = -1;
  bool ended_ = false;
  bool was_reset_ = false;
  std::string received_;
  std::string transcript_;
};

}  // namespace csgi::conformance
