// wire_client.hpp - a client that speaks raw bytes to a server on this machine.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csgi::tests {

/// One response as it was on the wire.
struct reply {
  int status = 0;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  bool whole = false;     ///< its framing says that nothing is missing

  /// The values of that field, joined with ", "; case does not matter.
  std::string field(std::string_view name) const;
  bool has(std::string_view name) const;
};

/// Every wait has a deadline of ten seconds and throws std::runtime_error when it passes.
class wire_client {
 public:
  explicit wire_client(std::uint16_t port);
  wire_client(const wire_client&) = delete;
  wire_client& operator=(const wire_client&) = delete;
  ~wire_client();

  void send(std::string_view bytes);
  /// Each byte in a segment of its own.
  void send_slowly(std::string_view bytes);
  /// As much as goes until the server stops reading, `most` at most; gives how much.
  std::size_t send_until_blocked(std::string_view block, std::size_t most);

  /// Reads one response to a request of this method, 1xx skipped.
  reply read(std::string_view method = "GET");
  reply exchange(std::string_view request, std::string_view method = "GET");

  /// Bytes up to and including `end`.
  std::string read_through(std::string_view end);
  /// How many bytes come next; 0 when the server has closed.
  std::size_t read_some();
  /// Everything until the server closes; `was_reset` tells how it did.
  std::string read_to_end();
  bool was_reset() const noexcept { return reset_; }
  /// Whether the server has closed, by FIN or reset.
  bool closed();
  /// Whether something has come, or the server has closed; does not wait.
  bool readable();

  void half_close();
  /// In both directions, also for another thread that waits.
  void end();
  void reset();
  void receive_buffer(int bytes);

 private:
  bool more();
  std::string take(std::size_t count);
  void read_chunks(reply& r);

  int socket_;
  std::string received_;
  bool reset_ = false;
};

}  // namespace csgi::tests
