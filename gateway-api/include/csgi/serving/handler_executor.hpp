// csgi/serving/handler_executor.hpp - the executor of a blocking app's exchange: the handler's thread, at its operations.
#pragma once
#include <condition_variable>
#include <csgi/executor.hpp>
#include <csgi/work_queue.hpp>
#include <mutex>
#include <thread>

namespace csgi { inline namespace v1 {

/// Threads:   made, used and destroyed on the handler's; post(), here() and cancel() from any.
/// Spec:      CSGI-CORE-009, CSGI-CORE-012 to CSGI-CORE-017, CSGI-CORE-035
class handler_executor final : public executor {
 public:
  handler_executor() = default;
  handler_executor(const handler_executor&) = delete;
  handler_executor& operator=(const handler_executor&) = delete;
  ~handler_executor() { const std::lock_guard lock(mutex_); }   // whoever posted the last work is still inside of post()

  void post(work& w) noexcept override;
  begun begin_wait(timer_op& timer) noexcept override;
  bool here() const noexcept override { return std::this_thread::get_id() == thread_; }

  /// Runs what was posted: called at each operation of the app, and after its end.
  void run_posted() noexcept { posted_.run_all(); }

  /// From now on waits fail with operation_canceled: the server wants the request to end.
  void cancel() noexcept;
  bool cancelled() const noexcept;

 private:
  const std::thread::id thread_ = std::this_thread::get_id();
  work_queue posted_;
  mutable std::mutex mutex_;        // of what follows
  std::condition_variable wake_;
  bool has_work_ = false;
  bool cancelled_ = false;
};

}}  // namespace csgi::v1
