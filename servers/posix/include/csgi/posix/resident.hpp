// csgi/posix/resident.hpp - an executor of a server that runs requests, with a thread of its own, as an app's life sees it.
#pragma once
#include <csgi/http1/driver.hpp>

namespace csgi::posix {

/// Threads:   all but the constructor on the thread that is its own since settle().
class resident {
 public:
  virtual http1::driver& driver() noexcept = 0;

  /// From now on the calling thread is its own.
  virtual void settle() noexcept = 0;

  /// Runs what is posted, and timers, until `over`, which something of that sets; what was posted before in any case.
  virtual void turn_until(const bool& over) noexcept = 0;

  /// Runs requests until the server has stopped.
  virtual void serve() noexcept = 0;

 protected:
  ~resident() = default;
};

}  // namespace csgi::posix
