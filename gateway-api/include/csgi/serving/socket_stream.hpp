// csgi/serving/socket_stream.hpp - a connection for servers with a thread for each: waits that end with deadlines and stops.
#pragma once
#include <array>
#include <atomic>
#include <csgi/endpoint.hpp>
#include <csgi/operation.hpp>
#include <csgi/server_options.hpp>
#include <csgi/serving/serving_stage.hpp>
#include <string>

namespace csgi { inline namespace v1 {

/// Owns a connected POSIX socket, and some bytes that were received.
///
/// Threads:   the connection's.
/// Spec:      CSGI-HTTP-119 to CSGI-HTTP-123, CSGI-HTTP-140, CSGI-SERVER-014 to CSGI-SERVER-017
class socket_stream {
 public:
  /// Lifetime:  `options` and `now` are borrowed.
  socket_stream(int socket, const server_options& options, const std::atomic<serving_stage>& now);
  socket_stream(const socket_stream&) = delete;
  socket_stream& operator=(const socket_stream&) = delete;

  /// Closes it, so that the peer gets what was sent to it; or resets it.
  ~socket_stream();

  std::string_view unread() const noexcept { return {block_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t bytes) noexcept { begin_ += bytes; }

  /// Waits until something is unread, for a request to begin. False: none will, within the deadline for that, or any more.
  bool await_request();

  /// Receives more, where nothing is unread. None at the end of what the peer sends, which is ended() from then on.
  ///
  /// Errors:    timed_out; operation_canceled, where the server is ending; connection_reset.
  std::error_code receive(clock::duration patience);
  bool ended() const noexcept { return ended_; }

  /// Adds what went to `sent`, all of it where it succeeds.
  ///
  /// Errors:    those of receive().
  std::error_code send(std::string_view bytes, std::uint64_t& sent);

  bool peer_has_gone() const noexcept;      ///< or has closed its sending side
  void reset() noexcept { resets_ = true; } ///< to be reset at its end, so that nobody takes it for one of a body

  const endpoint& peer() const noexcept { return peer_.end; }
  const endpoint& local() const noexcept { return local_.end; }

 private:
  struct named_end {
    std::string address;
    endpoint end;
  };

  std::error_code wait(short events, clock::time_point until, serving_stage most) const;

  const int socket_;
  const server_options& options_;
  const std::atomic<serving_stage>& now_;
  named_end peer_, local_;
  std::array<char, 16 * 1024> block_;
  std::size_t begin_ = 0, end_ = 0;
  bool heard_ = false;      // something has come
  bool ended_ = false;
  bool resets_ = false;
};

}}  // namespace csgi::v1
