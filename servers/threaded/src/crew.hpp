// crew.hpp - the threads of the threaded server: one leads at a time, the others work.
#pragma once
#include "session.hpp"
#include <condition_variable>
#include <csgi/posix/lateness.hpp>
#include <csgi/posix/listener.hpp>
#include <csgi/posix/resident.hpp>
#include <csgi/posix/server_settings.hpp>
#include <csgi/server_load.hpp>

namespace csgi::threaded {

/// One thread of the crew, and the driver of whatever connection it holds.
class member final : public posix::thread_driver, public posix::resident {
 public:
  explicit member(crew& of) : crew_(of) {}
  void finished(http1::finished_response response) noexcept override;

  http1::driver& driver() noexcept override { return *this; }
  void settle() noexcept override { thread_driver::settle(); }
  void turn_until(const bool& over) noexcept override { thread_driver::turn_until(over); }
  void serve() noexcept override;

 private:
  crew& crew_;
};

/// Leader and followers. The leader waits for all connections, lets each go as far as it can without its app, and
/// queues those that need theirs; then it works itself. Where that will take long, it wakes another thread before, to lead or to
/// work beside. Where it will not, to wake one would take as long as the work: nobody leads meanwhile, and a follower, the watch,
/// looks every millisecond whether the work comes along, as long as there is any.
class crew {
 public:
  crew(posix::server_settings& shared, const server_options& options);
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;
  ~crew();

  /// Runs until stopped, with `threads` threads for requests beside the one that leads.
  void run(application app, unsigned threads);

  /// Threads: any; safe in a signal handler.
  void stop() noexcept;

  const posix::server_settings& settings() const noexcept { return shared_; }
  http1::workspace_pool& workspaces() noexcept { return workspaces_; }
  application app() const noexcept { return *app_; }
  std::uint16_t port() const noexcept { return listener_.address().endpoint().port; }

  /// Threads: any.
  server_load load() const noexcept;

  /// Queues a request for a thread.
  posix::offered offer(job& request, bool may_gather) noexcept;

  /// Queues work that has to be done.
  void demand(job& work) noexcept;

  /// The leader's: a session that it holds since an event named it.
  void take(session& ready) noexcept { ready.proceed(*leader_); }

  /// Leads, follows and works, until stopped and all sessions have ended.
  void work(member& me) noexcept;

  /// Forgets a closed session; its memory is freed when no event can name it any more.
  void bury(session& closed) noexcept;

 private:
  class door;
  class alarm;

  void serve(application app, unsigned threads);
  void open();
  clock::time_point lead(member& leader, clock::time_point now) noexcept;
  void accept() noexcept;
  void accept_later(clock::time_point at) noexcept;
  void accept_again() noexcept;
  void react_to_stop() noexcept;
  void sweep() noexcept;
  void tell_all(std::uint32_t what) noexcept;
  std::size_t busy_sessions() noexcept;
  bool may_work() const noexcept;
  void pass_the_lead(const job& next) noexcept;
  bool is_soon_done(const job& next) const noexcept;
  void follow(std::unique_lock<std::mutex>& lock) noexcept;
  void watch(std::unique_lock<std::mutex>& lock) noexcept;

  posix::server_settings& shared_;
  const std::size_t most_queued_;
  std::optional<application> app_;
  posix::listener listener_;
  posix::poller poller_;
  posix::wakeup wake_;
  http1::recycling_workspace_pool<std::mutex> workspaces_;
  std::unique_ptr<door> door_;
  std::unique_ptr<alarm> alarm_;
  std::atomic<int> stops_{0};

  mutable std::mutex mutex_;                   // of what follows
  std::condition_variable follow_;
  std::condition_variable watch_;
  posix::job_queue<job> jobs_;
  std::list<session> sessions_;
  std::list<session> graveyard_;
  unsigned working_ = 0;                  // threads in work()
  unsigned following_ = 0;                // of these, those that wait
  bool waking_ = false;                   // a follower was notified and does not run yet
  bool watched_ = false;                  // one of those that wait is the watch
  bool watch_sleeps_ = false;             // it waits to be woken
  bool watch_is_called_ = false;          // it was notified in order to lead or to work
  bool led_ = false;
  bool over_ = false;
  std::uint64_t begun_ = 0;               // jobs
  clock::duration usual_{};               // that a job takes
  clock::time_point led_at_{};            // for the last time
  clock::time_point hurried_until_{};     // somebody was kept waiting: nobody is, until then

  std::list<member> members_;             // complete before any of them works

  // the leader's
  member* leader_ = nullptr;
  clock::time_point next_sweep_{};
  posix::lateness lateness_;
  clock::time_point accepts_at_{};        // again, when it doesn't now
  clock::time_point grace_ends_ = clock::time_point::max();
  bool draining_ = false;
  bool cancelled_ = false;
  bool accepting_ = false;
};

}  // namespace csgi::threaded
