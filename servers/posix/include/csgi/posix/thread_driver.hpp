// csgi/posix/thread_driver.hpp - runs one request's app on one thread, whichever kind it is.
#pragma once
#include <csgi/application.hpp>
#include <csgi/frame_memory.hpp>
#include <csgi/http1/connection.hpp>
#include <csgi/posix/posters.hpp>
#include <csgi/posix/socket_transport.hpp>
#include <csgi/posix/wakeup.hpp>
#include <csgi/timer_queue.hpp>
#include <csgi/work_queue.hpp>
#include <thread>

namespace csgi::posix {

/// Each thread that runs apps has one, and is its executor: a blocking app's operations wait inside, an async app's
/// stay pending while this thread waits for socket, timers and posted work together.
///
/// Threads:   used on the one it was made on, or settled on; post(), here(), cancel() and drain() from any.
class thread_driver : public http1::driver, public csgi::executor {
 public:
  /// Errors:    std::system_error.
  thread_driver();
  thread_driver(const thread_driver&) = delete;
  thread_driver& operator=(const thread_driver&) = delete;

  /// From now on the calling thread uses it.
  void settle() noexcept { thread_ = std::this_thread::get_id(); }

  /// Runs the app that answers this dispatched request to its end, connection.app_done() included.
  void run(http1::connection& connection, socket_transport& socket, application app) noexcept;

  /// Runs what is posted, and timers, until `over`, which something of that sets; what was posted before in any case.
  void turn_until(const bool& over) noexcept;

  /// Asks the request at hand, and every later one, to end: what it waits for fails with operation_canceled.
  void cancel() noexcept;

  /// Has the request at hand look at settings::draining, which is set.
  void drain() noexcept { wake_.notify(); }

  date_cache& dates() noexcept { return dates_; }

  csgi::executor& executor() noexcept override { return *this; }
  std::pmr::memory_resource& memory() noexcept override { return memory_; }
  clock::time_point now() noexcept override { return clock::now(); }
  std::error_code wait(http1::interest direction, clock::duration limit) noexcept override;
  bool cancelled() const noexcept override { return cancelled_.load(std::memory_order_relaxed) || out_of_time(); }
  void run_posted() noexcept override { posted_.run_all(); }

  void post(work& w) noexcept override;
  begun begin_wait(timer_op& timer) noexcept override;
  bool here() const noexcept override { return std::this_thread::get_id() == thread_; }

 protected:
  ~thread_driver() = default;

 private:
  std::exception_ptr run_blocking(http1::connection& connection, blocking_app& app) noexcept;
  std::exception_ptr run_async(http1::connection& connection, async_app& app) noexcept;
  void run_until(const bool& over, http1::connection& connection, task<>& coroutine) noexcept;
  void poll_connection(http1::connection& connection) noexcept;
  bool tell_draining() noexcept;
  clock::time_point app_deadline() const noexcept { return running_ ? running_->app_deadline() : clock::time_point::max(); }
  bool out_of_time() const noexcept { return app_deadline() != clock::time_point::max() && app_deadline() <= clock::now(); }
  std::error_code wait_for(short events, clock::time_point until, bool& ready) noexcept;

  std::thread::id thread_ = std::this_thread::get_id();
  wakeup wake_;
  work_queue posted_;
  timer_queue timers_{*this};
  frame_memory memory_;
  date_cache dates_;
  int socket_ = -1;
  const http1::connection* running_ = nullptr;    // whose app runs
  http1::connection* blocking_ = nullptr;     // whose, until it knows that the server drains
  std::atomic<bool> cancelled_{false};
  posters posters_;
};

}  // namespace csgi::posix
