// blocking_pool.hpp - threads for the blocking apps of an event-loop server.
#pragma once
#include <condition_variable>
#include <csgi/posix/job_queue.hpp>
#include <csgi/posix/thread_driver.hpp>
#include <csgi/server_load.hpp>
#include <list>
#include <vector>

namespace csgi::evented {

class blocking_pool;
class pool_thread;

/// Something for a thread of the pool.
struct blocking_job : posix::queued<blocking_job> {
  void (*run)(blocking_job&, pool_thread&) noexcept = nullptr;
  void (*give_up)(blocking_job&) noexcept = nullptr;    ///< in place of run(), from any thread
};

/// One of the pool's threads, and the driver of the connection lent to it.
class pool_thread final : public posix::thread_driver {
 public:
  explicit pool_thread(blocking_pool& of) : pool_(of) {}
  void finished(http1::finished_response response) noexcept override;

 private:
  blocking_pool& pool_;
};

/// A bounded number of threads behind a bounded queue, shared by all loops.
///
/// Threads:   any.
class blocking_pool {
 public:
  blocking_pool(unsigned threads, std::size_t queue) noexcept : threads_wanted_(threads), most_queued_(queue), jobs_(threads) {}
  blocking_pool(const blocking_pool&) = delete;
  blocking_pool& operator=(const blocking_pool&) = delete;
  ~blocking_pool() { finish(); }

  /// Errors:    std::system_error when threads cannot be had.
  void start();

  /// Waits until everything queued has been done, hooks too. Requires: nothing is queued any more.
  void finish() noexcept;

  /// Queues a request.
  posix::offered offer(blocking_job& request, bool may_gather) noexcept;

  /// Queues work that has to be done.
  void demand(blocking_job& work) noexcept;

  /// Gives up what has waited for too long. Nothing is both run and given up.
  void give_up_overdue(clock::time_point now) noexcept;

  /// Fills in what it has to do.
  void tell(server_load& to) const noexcept;

  /// Asks everything that runs, or will, to end.
  void cancel() noexcept;

 private:
  void work(pool_thread& me) noexcept;
  void wake_one() noexcept;

  const unsigned threads_wanted_;
  const std::size_t most_queued_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  posix::job_queue<blocking_job> jobs_;
  std::size_t working_ = 0;             // threads that have begun
  std::size_t idle_ = 0;                // of these
  bool over_ = false;
  std::list<pool_thread> members_;      // complete before any of them works
  std::vector<std::thread> threads_;
};

/// Runs the hooks of a blocking app's response on the pool: they may block.
void run_hooks_on(blocking_pool& pool, http1::finished_response response) noexcept;

}  // namespace csgi::evented
