// session.hpp - one connection of the event-loop server.
#pragma once
#include "blocking_pool.hpp"
#include <csgi/posix/admission.hpp>
#include <csgi/posix/listener.hpp>
#include <csgi/posix/poller.hpp>
#include <list>

namespace csgi::evented {

class loop;

/// Lives on its loop. While a blocking app answers, the whole connection is lent to a thread of the pool, and the
/// loop only collects what the poller says of it.
class session final : public posix::event_source, public blocking_job {
 public:
  session(posix::incoming connection, posix::admission::place admitted, loop& on);

  bool watch(posix::poller& by) noexcept { return socket_.watch(by, *this); }
  void on_event(std::uint32_t events) noexcept override;

  /// Moves on as far as it can without waiting.
  void proceed() noexcept;

  bool overdue(clock::time_point now) const noexcept { return !lent_ && !buried_ && connection_.deadline() <= now; }
  bool busy() const noexcept { return !buried_ && (lent_ || connection_.busy()); }
  void expire() noexcept;
  void drain() noexcept;
  void cancel() noexcept;
  /// Once: it takes no part in anything any more, and is destroyed when no event can name it.
  void end() noexcept;
  /// The place first: whoever sees the end may connect again.
  void close() noexcept {
    place_.give_back();
    socket_.close();
  }

  std::list<session>::iterator place;     ///< in the loop's list
  session* next_buried = nullptr;         ///< the loop's

 private:
  /// The coroutine's end.
  struct app_end final : operation {
    explicit app_end(session& s) noexcept : of(s) {}
    session& of;
  };
  /// The way back from the pool.
  struct homecoming final : work {
    explicit homecoming(session& s) noexcept : of(s) {}
    session& of;
  };

  /// Going on when other connections have had their turn.
  struct next_turn final : work {
    explicit next_turn(session& s) noexcept : of(s) {}
    session& of;
  };

  bool run_app() noexcept;
  posix::offered seek_thread() noexcept;
  bool run_async(async_app& app) noexcept;
  void end_async() noexcept;
  void come_home() noexcept;

  loop& loop_;
  std::uint32_t missed_ = 0;              // events while lent
  bool told_ = false;                     // the connection is being told of readiness
  bool lent_ = false;
  bool given_up_ = false;                 // its request gets no thread
  bool gives_way_ = false;                // until its next turn
  bool buried_ = false;
  posix::socket_transport socket_;
  posix::admission::place place_;
  posix::socket_address peer_;
  posix::socket_address local_;
  http1::connection connection_;
  std::optional<task<>> coroutine_;
  app_end app_end_{*this};
  homecoming homecoming_{*this};
  next_turn next_turn_{*this};
  application app_;
};

}  // namespace csgi::evented
