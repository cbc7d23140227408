// csgi/posix/poller.hpp - an edge-triggered epoll set.
#pragma once
#include <csgi/http1/connection.hpp>
#include <csgi/posix/descriptor.hpp>
#include <span>
#include <sys/epoll.h>

namespace csgi::posix {

/// Something with a descriptor that a poller tells about its readiness.
class event_source {
 public:
  virtual void on_event(std::uint32_t events) noexcept = 0;

 protected:
  ~event_source() = default;
};

/// Each change of readiness is told once. Nothing is registered or changed per request.
class poller {
 public:
  /// Errors: std::system_error.
  poller();

  int handle() const noexcept { return epoll_.get(); }

  /// Edge-triggered, for everything. Closing the descriptor removes it.
  bool add(int descriptor, event_source& source) noexcept;

  /// Tells what holds at the moment once more.
  void tell_again(int descriptor, event_source& source) noexcept;

  /// Level-triggered, for reading only: listeners and wake-ups.
  bool add_level(int descriptor, event_source& source) noexcept;
  void remove(int descriptor) noexcept;

  /// Gives what happened; waits for it that long at most, rounded up to milliseconds, or less where that is more than a minute.
  std::span<const epoll_event> wait(clock::duration most) noexcept;

  static event_source& source(const epoll_event& event) noexcept { return *static_cast<event_source*>(event.data.ptr); }

 private:
  descriptor epoll_;
  epoll_event events_[256];
};

/// What a connection wants to know of epoll's or poll's event bits, which are the same.
inline http1::readiness to_readiness(std::uint32_t events) noexcept {
  return {.readable = (events & EPOLLIN) != 0,
          .writable = (events & EPOLLOUT) != 0,
          .peer_closed = (events & EPOLLRDHUP) != 0,
          .dead = (events & (EPOLLERR | EPOLLHUP)) != 0};
}

}  // namespace csgi::posix
