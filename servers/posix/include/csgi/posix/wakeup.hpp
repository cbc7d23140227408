// csgi/posix/wakeup.hpp - wakes a thread that waits in poll or epoll.
#pragma once
#include <csgi/posix/descriptor.hpp>

namespace csgi::posix {

class wakeup {
 public:
  /// Errors: std::system_error.
  wakeup();

  int handle() const noexcept { return event_.get(); }

  /// Threads:   any; safe in a signal handler.
  void notify() const noexcept;
  void clear() const noexcept;

 private:
  descriptor event_;
};

}  // namespace csgi::posix
