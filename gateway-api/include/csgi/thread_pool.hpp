// csgi/thread_pool.hpp - threads that may block, lent for a piece of work at a time.
#pragma once
#include <csgi/operation.hpp>
#include <csgi/spinning_condition.hpp>
#include <vector>

namespace csgi { inline namespace v1 {

/// Who has threads that may block. A server whose pool is its own implements it, for request_lane.
class thread_lender {
 public:
  enum class patience : bool { queue, now };

  /// Has `w` run on a thread that may block as long as it likes. False: no thread is free, and with patience::queue, too
  /// many wait for one.
  ///
  /// Lifetime:  `w` stays where it is until it runs.
  /// Threads:   any.
  virtual bool lend(work& w, patience how) noexcept = 0;

  /// Has it not run, where it still waits for a thread. False: it runs, has run, or cannot be had back.
  ///
  /// Threads:   any.
  virtual bool take_back(work&) noexcept { return false; }

 protected:
  ~thread_lender() = default;
};

/// A bounded number of threads, each made when there is work for it, behind a bounded queue.
///
/// Threads:   any.
class thread_pool final : public thread_lender {
 public:
  thread_pool(unsigned most_threads, std::size_t most_queued) noexcept : most_threads_(most_threads), most_queued_(most_queued) {}
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  /// Blocks:    until everything queued has run. Requires: nothing is lent to it any more.
  ~thread_pool();

  bool lend(work& w, patience how) noexcept override;
  bool take_back(work& w) noexcept override;

  /// Of the process, for blocking code outside of servers: see run(). Its threads end with the process.
  ///
  /// Lifetime:  each plug-in has one of its own.
  static thread_pool& of_process();

 private:
  void serve() noexcept;
  bool grow() noexcept;

  const unsigned most_threads_;
  const std::size_t most_queued_;
  std::mutex mutex_;
  spinning_condition wake_;
  work* first_ = nullptr;
  work* last_ = nullptr;
  std::size_t queued_ = 0;
  std::size_t idle_ = 0;
  bool over_ = false;
  std::vector<std::thread> threads_;
};

}}  // namespace csgi::v1
