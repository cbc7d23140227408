// memory_exchange.hpp - for benchmarks: an exchange that costs next to nothing.
#pragma once
#include <csgi/exchange.hpp>
#include <csgi/frame_memory.hpp>

namespace csgi {

/// A run queue. Timers wait until they are cancelled.
class bare_executor final : public executor {
 public:
  void post(work& w) noexcept override {
    w.next = nullptr;
    (last_ ? last_->next : first_) = &w;
    last_ = &w;
  }

  begun begin_wait(timer_op& t) noexcept override {
    t.server = this;
    t.stop = [](operation& op) noexcept {
      op.error = std::make_error_code(std::errc::operation_canceled);
      post_done(*static_cast<bare_executor*>(op.server), op);
    };
    return begun::pending;
  }

  bool here() const noexcept override { return true; }

  void run() noexcept {
    while (first_) {
      work& next = *first_;
      first_ = next.next;
      if (!first_) last_ = nullptr;
      next.run(next);
    }
  }

 private:
  work* first_ = nullptr;
  work* last_ = nullptr;
};

/// Reads end at once, or, where `pending`, from the run queue.
class memory_exchange final : public exchange {
 public:
  bool pending = false;

  const request& head() const noexcept override { return request_; }
  bare_executor& executor() noexcept override { return executor_; }
  bool connected() noexcept override { return true; }
  std::pmr::memory_resource& memory() noexcept override { return memory_; }
  csgi::phase phase() const noexcept override { return phase::open; }
  std::error_code start(const response_head&) noexcept override { return {}; }
  begun begin_read(read_op& op) noexcept override {
    op.chunk = "bytes";
    if (!pending) return begun::completed;
    post_done(executor_, op);
    return begun::pending;
  }
  begun begin_write(write_op&) noexcept override { return begun::completed; }
  begun begin_gone(operation&) noexcept override { return begun::completed; }
  void abort(std::errc) noexcept override {}
  void* find(const extension_id&) noexcept override { return nullptr; }

 private:
  request request_;
  bare_executor executor_;
  frame_memory memory_;
};

}  // namespace csgi
