// session.hpp - one connection of the threaded server, and who holds it.
#pragma once
#include <csgi/posix/admission.hpp>
#include <csgi/posix/job_queue.hpp>
#include <csgi/posix/listener.hpp>
#include <csgi/posix/poller.hpp>
#include <csgi/posix/thread_driver.hpp>
#include <list>

namespace csgi::threaded {

class crew;
class member;

/// Something for a thread of the crew.
struct job : posix::queued<job> {
  void (*run)(job&, member&) noexcept = nullptr;
};

/// At any time a session is either nobody's, waiting in the poller, or held by one thread or by the job queue.
/// What is told while it is held, readiness or the server's stop, is kept for its holder: nothing is re-armed per
/// request, and nothing is missed by a session that is just on its way back to the poller.
class session final : public posix::event_source, public job {
 public:
  session(posix::incoming connection, posix::admission::place admitted, crew& of);

  bool watch(posix::poller& by) noexcept { return socket_.watch(by, *this); }

  /// From the poller, on the leader's thread.
  void on_event(std::uint32_t events) noexcept override;

  /// What the server tells its sessions, beside epoll's events.
  static constexpr std::uint32_t drain = 1u << 29;      ///< it is stopping
  static constexpr std::uint32_t cancel = 1u << 30;     ///< its grace time is over

  /// Tells it that, or nothing, and takes hold of it if nobody does; who takes hold lets it proceed.
  bool hold(std::uint32_t told = 0) noexcept {
    return (state_.fetch_or(told | held, std::memory_order_acq_rel) & held) == 0;
  }

  /// Its connection moves on as far as it can, then waits, is queued for its app, or is closed. Requires: held by `by`.
  void proceed(member& by) noexcept;

  /// It has waited for a thread for too long, and proceeds without one. Requires: held, and taken out of the job queue.
  void give_up(member& by) noexcept;

  /// Nobody holds it any more; false where something was told meanwhile, and proceed() is due. Requires: held.
  bool release() noexcept;

  // Requires: held.
  bool overdue(clock::time_point now) const noexcept { return connection_.deadline() <= now; }
  bool busy() const noexcept { return connection_.busy(); }
  void expire(member& by) noexcept;

  /// The place first: whoever sees the end may connect again.
  void close() noexcept {
    place_.give_back();
    socket_.close();
  }

  std::list<session>::iterator place;     ///< in the crew's list

 private:
  static constexpr std::uint32_t held = 1u << 31;

  posix::offered seek_thread() noexcept;
  void run_app(member& by) noexcept;

  crew& crew_;
  posix::admission::place place_;
  posix::socket_transport socket_;
  posix::socket_address peer_;
  posix::socket_address local_;
  http1::connection connection_;
  bool gives_way_ = false;                // queued for its next turn, not for its app
  bool given_up_ = false;                 // its request gets no thread
  std::atomic<std::uint32_t> state_{held};
};

}  // namespace csgi::threaded
