// counted_lane.hpp - the lane of a coroutine under test; its loop knows what runs on it.
#pragma once
#include <csgi/request_lane.hpp>
#include <csgi/testing/test_loop.hpp>

namespace csgi::testing {

/// A request_lane between two counters. A thread that helps waits for the loop, and counts as nothing that goes on.
class counted_lane final : public helping_lane {
 public:
  counted_lane(test_loop& loop, thread_lender& threads) : loop_(loop), lane_(std::make_shared<request_lane>(home_, threads)) {}
  counted_lane(const counted_lane&) = delete;
  counted_lane& operator=(const counted_lane&) = delete;
  ~counted_lane() { lane_->end(); }

  begun begin_call(blocking_call& op) noexcept override {
    loop_.begin_outside();
    return counted(lane_->begin_call(op));
  }
  begun begin_pooled_call(blocking_call& op) noexcept override {
    loop_.begin_outside();
    return counted(lane_->begin_pooled_call(op));
  }
  blocking_call* current() noexcept override { return lane_->current(); }
  void begin_help() noexcept override { lane_->begin_help(); }
  void help_until(const std::atomic<bool>& over) noexcept override {
    loop_.end_outside();
    lane_->help_until(over);
  }
  void end_help(std::atomic<bool>& over) noexcept override {
    loop_.begin_outside();
    lane_->end_help(over);
  }

 private:
  /// Where calls complete, and are counted off.
  class counting_home final : public executor {
   public:
    explicit counting_home(test_loop& loop) noexcept : loop_(loop) {}
    void post(work& w) noexcept override { loop_.post_from_outside(w); }   // which may be the end of all this
    begun begin_wait(timer_op& t) noexcept override { return loop_.begin_wait(t); }
    bool here() const noexcept override { return loop_.here(); }

   private:
    test_loop& loop_;
  };

  begun counted(begun how) noexcept {
    if (how == begun::completed) loop_.end_outside();
    return how;
  }

  test_loop& loop_;
  counting_home home_{loop_};
  std::shared_ptr<request_lane> lane_;
};

}  // namespace csgi::testing
