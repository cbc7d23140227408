// io_context_executor.hpp - for tests and benchmarks: an executor on the thread that runs an io_context, which it offers.
#pragma once
#include <boost/asio/post.hpp>
#include <csgi/asio_context.hpp>
#include <csgi/task.hpp>
#include <csgi/work_queue.hpp>

namespace csgi {

/// Threads:   all on the one that calls run().
class io_context_executor final : public executor, private asio_context {
 public:
  void post(work& w) noexcept override {
    if (queue_.push(w)) boost::asio::post(context_, [this] { queue_.run_all(); });
  }
  begun begin_wait(timer_op& t) noexcept override {
    t.error = std::make_error_code(std::errc::operation_not_supported);
    return begun::completed;
  }
  bool here() const noexcept override { return true; }
  void* find(const extension_id& wanted) noexcept override {
    return wanted == asio_context::id ? static_cast<asio_context*>(this) : nullptr;
  }

  boost::asio::io_context& context() noexcept { return context_; }

  /// Runs until nothing is left to do.
  void run() {
    context_.run();
    context_.restart();
  }

 private:
  boost::asio::io_context& get() noexcept override { return context_; }

  boost::asio::io_context context_{1};
  work_queue queue_;
};

/// A coroutine that begins there when that runs.
struct placed_task {
  placed_task(io_context_executor& on, task<> t) : coroutine(std::move(t)) {
    coroutine.settle(on);
    end.owner = this;
    end.done = [](operation& op) noexcept { static_cast<placed_task*>(op.owner)->over = true; };
    boost::asio::post(on.context(), [this] { over = coroutine.start(end) == begun::completed; });
  }

  task<> coroutine;
  operation end;
  bool over = false;
};

}  // namespace csgi
