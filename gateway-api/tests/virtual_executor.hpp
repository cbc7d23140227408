// virtual_executor.hpp - for tests: a run queue whose clock jumps to the next timer instead of waiting for it.
#pragma once
#include <algorithm>
#include <csgi/executor.hpp>
#include <vector>

namespace csgi {

/// How the operations of a test's exchange end: inside begin_*, as a blocking app's do, or from the run queue.
enum class completion : unsigned char { inside, later };

/// Threads:   one.
class virtual_executor final : public executor {
 public:
  explicit virtual_executor(completion how) noexcept : how_(how) {}

  void post(work& w) noexcept override {
    w.next = nullptr;
    (last_ ? last_->next : first_) = &w;
    last_ = &w;
  }

  begun begin_wait(timer_op& t) noexcept override {
    waits_.push_back(t.at);
    if (how_ == completion::inside) return begun::completed;
    t.server = this;
    t.stop = [](operation& op) noexcept {
      static_cast<virtual_executor*>(op.server)->lapse(static_cast<timer_op&>(op), std::errc::operation_canceled);
    };
    timers_.push_back(&t);
    return begun::pending;
  }

  bool here() const noexcept override { return true; }

  /// Runs what is posted and lapses timers, the earliest first, until there is nothing left to do.
  void run() noexcept {
    for (;;) {
      while (first_) {
        work& next = *first_;
        first_ = next.next;
        if (!first_) last_ = nullptr;
        next.run(next);
      }
      if (timers_.empty()) return;
      lapse(**std::ranges::min_element(timers_, {}, [](const timer_op* t) { return t->at; }), std::errc{});
    }
  }

  /// The points in time that were waited for, in the order asked.
  const std::vector<clock::time_point>& waits() const noexcept { return waits_; }

 private:
  void lapse(timer_op& t, std::errc why) noexcept {
    std::erase(timers_, &t);
    if (why != std::errc{}) t.error = std::make_error_code(why);
    post_done(*this, t);
  }

  completion how_;
  work* first_ = nullptr;
  work* last_ = nullptr;
  std::vector<timer_op*> timers_;
  std::vector<clock::time_point> waits_;
};

}  // namespace csgi
