// csgi/background_loop.hpp - the background that servers offer: a thread for coroutines.
#pragma once
#include <csgi/background.hpp>
#include <csgi/request_lane.hpp>
#include <csgi/run_loop.hpp>
#include <functional>
#include <latch>
#include <list>

namespace csgi { inline namespace v1 {

/// Its thread is made when there is work for it.
class background_loop final : public background {
 public:
  using failure_report = std::function<void(const std::exception_ptr&)>;

  /// `most` coroutines at a time; `tell` is called for each that fails, on the thread they run on.
  ///
  /// Lifetime:  `threads` is borrowed.
  background_loop(thread_lender& threads, std::size_t most, failure_report tell);
  background_loop(const background_loop&) = delete;
  background_loop& operator=(const background_loop&) = delete;
  ~background_loop();

  std::error_code begin(std::unique_ptr<background_work> w) noexcept override;

  /// Waits until nothing runs, `limit` at most. Whether nothing runs.
  ///
  /// Threads:   any but its own.
  bool wait(clock::duration limit) noexcept;

  /// Lets nothing more begin, stops what runs, and waits for it.
  ///
  /// Threads:   any but its own. What is called again does nothing.
  void close() noexcept;

 private:
  class item;

  void begin_thread();
  task<> until_closed(std::latch& runs);
  void start(item& one) noexcept;
  void remove(item& one) noexcept;

  thread_lender& threads_;
  const std::size_t most_;
  const failure_report tell_;

  std::mutex mutex_;                      // of what follows
  std::condition_variable ended_;
  std::size_t running_ = 0;
  bool closed_ = false;                   // nothing more is begun
  run_loop* loop_ = nullptr;              // its thread's, while that runs
  std::thread thread_;

  // the thread's
  std::list<item*> items_;
  operation* until_closed_ = nullptr;
};

}}  // namespace csgi::v1
