// csgi/testing/client_behaviour.hpp - how the client's side of an exchange in memory behaves, and what fails there.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <system_error>

namespace csgi::testing {

/// How operations of an async app end that need not wait.
enum class completions : unsigned char {
  later,    ///< from the executor's queue, and bytes are looked at only then: what was given back too early shows
  inside,   ///< inside begin_*, up to a number in a row
};

/// A server may behave in any of these ways, and an app has to bear them all.
struct client_behaviour {
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  completions how = completions::later;
  std::size_t window = 64 * 1024;           ///< bytes of the response that are taken before anybody reads them; 0: none ever
  std::size_t high_water = 0;               ///< bytes that the server takes over beyond the window: see csgi::response_buffer
  std::size_t most_per_read = std::numeric_limits<std::size_t>::max();  ///< bytes of the request that one read gives
  std::uint64_t leaves_after = never;       ///< the client disconnects when it has got so many body bytes
  std::size_t fails_at = 0;                 ///< the n-th read, write, file or hint from 1 on fails, and every later one; 0: none
  std::errc fails_with = std::errc::connection_reset;
  bool sends_files = true;                  ///< whether csgi.file_sender is there

  // Of the server, for WebSockets: see server_limits and server_deadlines.
  std::size_t websocket_message = 1024 * 1024;
  std::chrono::milliseconds websocket_ping{0};      ///< zero: never, so that a test which waits in vain fails
  std::chrono::milliseconds websocket_close{10'000};
};

}  // namespace csgi::testing
