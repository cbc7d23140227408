// fault_injection.hpp - what a kernel may do to a server's sockets, done on purpose: for programs linked with it.
//
// The linker puts these calls in the place of the system's (--wrap, see CMakeLists.txt), so that the servers under test are the
// objects that everybody else links: production pays nothing, not even a branch. A seam in the servers, by template or virtual,
// would have had its price there, and left out what they do themselves with epoll. LD_PRELOAD would have been as good, but for
// the sanitizers: they put themselves in the place of the same functions, and behind --wrap they still do.
//
// Only sockets that accept4() gave meet faults: those of clients in the same program do not.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace csgi::tests {

/// How the calls on an accepted socket fare.
struct faults {
  enum class where : unsigned char { receiving, sending, sending_file };

  /// A call that would begin at that byte fails. EINTR and EAGAIN only once; anything else from then on, as after a reset, which
  /// the client is told of by one.
  struct failure {
    where at = where::receiving;
    std::uint64_t after = 0;      ///< bytes, in that direction; of files alone for sending_file
    int error = 0;
  };

  std::size_t most = std::numeric_limits<std::size_t>::max();   ///< bytes that one call moves, and at least one
  bool any_size = false;          ///< less than that, by chance
  unsigned interrupted = 0;       ///< of a hundred calls, those that end with EINTR
  unsigned not_yet = 0;           ///< of a hundred calls, those that end with EAGAIN, although something could be done
  std::optional<failure> fails = {};
  std::uint64_t seed = 1;         ///< what is by chance is the same with the same seed, for the same calls
};

/// What there is to know of what was done.
struct fault_count {
  std::uint64_t shortened = 0, interrupted = 0, not_yet = 0, failed = 0;
};

/// While it lives, every accepted connection meets these faults until its end. One at a time.
///
/// Threads:   any.
class fault_injection {
 public:
  explicit fault_injection(const faults& wanted);
  fault_injection(const fault_injection&) = delete;
  fault_injection& operator=(const fault_injection&) = delete;
  ~fault_injection();

  /// What was met since it was made, by earlier connections too.
  fault_count met() const noexcept;
};

/// The next `times` of accept4(), or of epoll_ctl() that adds a connection, fail like this.
void fail_accepting(int error, unsigned times) noexcept;
void fail_watching(int error, unsigned times) noexcept;

/// How many of these are still to come.
unsigned accepting_failures_left() noexcept;
unsigned watching_failures_left() noexcept;

/// From now on that many of a hundred waits for events, and of those for an accepted socket, end with EINTR.
void interrupt_waits(unsigned of_a_hundred) noexcept;

/// Sockets that were accepted and are not closed.
std::size_t accepted_sockets() noexcept;

}  // namespace csgi::tests
