// csgi/http1/transport.hpp - the seam between a connection and its socket: what servers, and tests with faults, put in.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace csgi::http1 {

/// What one attempt to move bytes came to.
struct io_result {
  enum class state : unsigned char {
    done,         ///< `bytes` were moved, at least one
    would_block,  ///< none now
    closed,       ///< receive: the peer has closed its sending side; send_file: the file ends here
    failed,       ///< the connection is dead
    unreadable,   ///< send_file: it is the file that failed
  };
  state now;
  std::size_t bytes = 0;
};

/// A connected byte stream. No call blocks, and none raises a signal.
///
/// Threads:   one at a time.
class transport {
 public:
  virtual io_result receive(std::span<char> into) noexcept = 0;

  /// Sends some of `first`, then `second`, then `third`.
  virtual io_result send(std::string_view first, std::string_view second, std::string_view third) noexcept = 0;

  virtual io_result send_file(int descriptor, std::uint64_t offset, std::uint64_t count) noexcept = 0;

  /// Makes whoever tells about readiness tell again that bytes can be sent: the sender stops although it could go on,
  /// so that others get their turn.
  virtual void tell_again() noexcept = 0;

  /// Tells the peer that nothing more comes; receiving goes on.
  virtual void close_sending() noexcept = 0;

  /// Makes the coming close a reset, so that the peer cannot take what it got for whole.
  virtual void reset() noexcept = 0;

  /// Whether the peer has closed its sending side or is gone; asks the operating system, consumes nothing.
  virtual bool peer_closed() noexcept = 0;

 protected:
  ~transport() = default;
};

}  // namespace csgi::http1
