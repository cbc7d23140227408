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

/// How long it is until then; nothing where that is past. Compared before it is subtracted: an app may wait until any time, and the
/// difference of two may be more than a duration holds.
inline clock::duration time_until(clock::time_point then, clock::time_point now = clock::now()) noexcept {
  return then > now ? then - now : clock::duration::zero();
}

/// What epoll_wait() and poll() take: milliseconds, rounded up, so that nobody wakes too early, and a minute at most.
int wait_limit(clock::duration most) noexcept;

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

  /// Gives what happened; waits for it that long at most, as wait_limit() has it.
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
