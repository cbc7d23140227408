// loop.hpp - one event loop: its connections, timers and posted work, inside an Asio io_context.
#pragma once
#include "session.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csgi/asio_context.hpp>
#include <csgi/frame_memory.hpp>
#include <csgi/posix/lateness.hpp>
#include <csgi/posix/listener.hpp>
#include <csgi/posix/resident.hpp>
#include <csgi/posix/server_settings.hpp>

namespace csgi::evented {

/// Connections live in an edge-triggered epoll set of the loop's own, which is nested in the io_context: nothing is
/// armed per request, and apps have an io_context on this thread for timers and sockets of theirs. Until one asks for it, the
/// loop waits at its own set, in a handler of the io_context that does not end.
///
/// Threads:   settled on one; post(), here() and wake() from any.
class loop final : public http1::driver, public csgi::executor, public posix::resident, private asio_context {
 public:
  loop(posix::server_settings& shared, posix::listener listener, blocking_pool& pool, const std::atomic<int>& stops);

  /// Has the system take connections, for serve() to accept. Errors: std::system_error.
  void listen() { listener_.listen(); }
  const posix::listener& door() const noexcept { return listener_; }

  /// Before it serves: which app.
  void host(application app) noexcept { app_.emplace(app); }

  http1::driver& driver() noexcept override { return *this; }
  void settle() noexcept override;
  void turn_until(const bool& over) noexcept override;
  void serve() noexcept override;

  /// Makes it look at the stop requests. Safe in a signal handler.
  void wake() noexcept { wake_.notify(); }

  /// Threads: any.
  clock::duration lag() const noexcept { return serving_ ? lateness_.worst(clock::now()) : clock::duration::zero(); }

  application app() const noexcept { return *app_; }
  blocking_pool& pool() noexcept { return pool_; }
  http1::workspace_pool& workspaces() noexcept { return workspaces_; }
  const posix::server_settings& settings() const noexcept { return shared_; }
  date_cache& dates() noexcept { return dates_; }

  /// Forgets a closed session; its memory is freed when no event can name it any more.
  void bury(session& closed) noexcept;

  csgi::executor& executor() noexcept override { return *this; }
  std::pmr::memory_resource& memory() noexcept override { return memory_; }
  clock::time_point now() noexcept override { return now_; }
  std::error_code wait(http1::interest, clock::duration) noexcept override;
  bool cancelled() const noexcept override { return cancelled_; }
  void run_posted() noexcept override {}
  void finished(http1::finished_response response) noexcept override;
  void* find_extension(const extension_id& wanted) noexcept override;
  void* find(const extension_id& wanted) noexcept override { return find_extension(wanted); }

  void post(work& w) noexcept override;
  begun begin_wait(timer_op& timer) noexcept override;
  bool here() const noexcept override { return std::this_thread::get_id() == thread_; }

 private:
  class door_bell final : public posix::event_source {
   public:
    explicit door_bell(loop& l) noexcept : loop_(l) {}
    void on_event(std::uint32_t) noexcept override { loop_.accept(); }

   private:
    loop& loop_;
  };
  class alarm final : public posix::event_source {
   public:
    explicit alarm(const posix::wakeup& wake) noexcept : wake_(wake) {}
    void on_event(std::uint32_t) noexcept override { wake_.clear(); }

   private:
    const posix::wakeup& wake_;
  };

  boost::asio::io_context& get() noexcept override;

  void await_events();
  void turn() noexcept;
  bool is_alone() const noexcept;
  bool is_over() const noexcept { return draining_ && sessions_.empty(); }
  clock::time_point next_due() const noexcept;
  clock::duration time_to_wait() const noexcept;
  std::size_t look(clock::duration most) noexcept;
  void turn_again() noexcept;
  void tend_connections() noexcept;
  void set_timer(clock::time_point at);
  void accept() noexcept;
  void accept_later(clock::time_point at) noexcept;
  void accept_again() noexcept;
  void sweep() noexcept;
  void react_to_stop() noexcept;
  std::size_t busy_sessions() const noexcept;
  void forget_buried() noexcept;

  posix::server_settings& shared_;
  posix::listener listener_;
  blocking_pool& pool_;
  const std::atomic<int>& stops_;
  std::optional<application> app_;
  frame_memory memory_;
  http1::recycling_workspace_pool<http1::owner_only> workspaces_;
  date_cache dates_;

  boost::asio::io_context context_{1};
  posix::poller poller_;
  boost::asio::posix::stream_descriptor events_{context_};
  boost::asio::steady_timer timer_{context_};
  posix::wakeup wake_;
  door_bell bell_{*this};
  alarm alarm_{wake_};
  work_queue posted_;
  timer_queue timers_{*this};
  std::atomic<std::thread::id> thread_{};

  std::list<session> sessions_;
  session* buried_ = nullptr;
  clock::time_point now_ = clock::now();
  clock::time_point timer_at_ = clock::time_point::max();
  clock::time_point next_sweep_{};
  posix::lateness lateness_;
  clock::time_point accepts_at_{};        // again, when it doesn't now
  clock::time_point grace_ends_ = clock::time_point::max();
  bool in_turn_ = false;
  std::atomic<bool> context_is_shared_{false};      // an app has asked for the io_context
  std::atomic<bool> serving_{false};
  bool accepting_ = false;
  bool draining_ = false;
  bool cancelled_ = false;
  posix::posters posters_;
};

}  // namespace csgi::evented
