// supervisor.hpp - keeps worker processes running until it is told to stop.
#pragma once
#include "restart_delay.hpp"
#include "supervision.hpp"
#include "worker_process.hpp"
#include <csgi/log_sink.hpp>
#include <deque>
#include <list>
#include <optional>
#include <string_view>
#include <vector>

namespace csgi::cli {

/// Its owner's part.
class supervisor_events {
 public:
  virtual ~supervisor_events() = default;

  /// In a new process, which is the worker of that place: serves until the supervisor says otherwise over `link`, on which it has
  /// said that it serves. Exit code.
  virtual int work(unsigned place, posix::descriptor link) = 0;

  /// In a new process beside the workers, where supervision says that there is one: goes on until it is killed.
  virtual int accompany() { return 0; }

  /// A worker was started, serves, has ended.
  virtual void started(const worker_process& one) { static_cast<void>(one); }
  virtual void serves(const worker_process& one) { static_cast<void>(one); }
  virtual void ended(const worker_process& one) { static_cast<void>(one); }

  /// All workers have begun to serve; `what` is what the last one said. Once.
  virtual void ready(std::string_view what) = 0;

  /// No worker is to be started any more: what they had from the supervisor can be closed.
  virtual void stopping() = 0;

  virtual void log(log_level level, std::string_view message) = 0;
};

/// Runs, restarts, replaces and stops workers; it knows nothing of what they do.
///
/// The first one is started alone: what is wrong with an app is found once, not by each. A worker that ends before all have served
/// ends the supervisor; afterwards it's started again, after a delay, and others go on. Without any that serves, so many starts
/// in a row may fail as most_failures says.
///
/// SIGTERM, SIGINT: the first drains all workers, the second ends what still runs there, the third kills them; one that comes at
/// almost the same time as another is taken for the same, as stop_on_signal does. SIGHUP replaces
/// one worker after the other: a new one has to serve before the old one is drained, and that has to have ended, or to have had
/// its grace time, before the next. One that does not come to serve ends the replacement, and the others stay as they are.
///
/// One that does not come to serve in time is killed, which is as if it had crashed.
///
/// A companion, where there is one, is started before the first worker, restarted whenever it ends, and killed when all workers have
/// ended.
///
/// Requires:  a process with one thread, which it is made and run on, and without other children that somebody waits for.
class supervisor {
 public:
  static constexpr unsigned most_failures = 5;

  supervisor(const supervision& how, supervisor_events& events);
  supervisor(const supervisor&) = delete;
  supervisor& operator=(const supervisor&) = delete;
  ~supervisor();

  /// Until all workers have ended. 0: after a stop, if each of them says so; the exit code of one that could not be started;
  /// 128 + the third signal; else 1.
  int run();

 private:
  using clock = worker_process::clock;
  using workers = std::list<worker_process>;

  /// One of as many as there are to be workers.
  struct place {
    restart_delay delay;
    std::optional<clock::time_point> due = {};    ///< it's empty, until then
  };

  void start(unsigned at);
  void start_companion();
  void companion_later(const std::string& why);
  worker_process fork_one(unsigned at, const worker_process::body& work);
  void start_what_is_due();
  void kill_what_is_late();
  clock::time_point has_to_serve_by(const worker_process& one) const;
  void wait();
  void take_signals();
  void heed(int signal);
  void stop(int signal);
  void reap();
  void buried(const worker_process& one, int status);
  void give_up(const std::string& why, int status);
  void restart_later(const worker_process& one, const std::string& how);
  void listen_to(worker_process& one);
  void serves(worker_process& one, const std::string& what);
  void replace_next();
  bool is_filled(unsigned at) const;
  bool any(worker_process::state wanted) const;
  void drain(worker_process& one);
  int time_to_wait() const;

  const supervision how_;
  supervisor_events& events_;
  sigset_t before_;
  posix::descriptor signals_;
  workers workers_;
  std::vector<place> places_;
  std::optional<worker_process> companion_;
  place beside_{restart_delay(how_.restart_first, how_.restart_most)};
  std::deque<unsigned> to_replace_;
  pid_t leaving_ = -1;            ///< who has been replaced last
  clock::time_point replaced_ends_ = clock::time_point::max();    ///< and is not waited for any longer
  unsigned failures_ = 0;         ///< starts in a row, while nobody serves
  int stops_ = 0;
  std::optional<clock::time_point> last_heeded_;    ///< SIGTERM or SIGINT
  int exit_code_ = 0;
  bool all_have_served_ = false;
  bool replacing_ = false;
};

}  // namespace csgi::cli
