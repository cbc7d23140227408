// csgi/loop_life.hpp - takes an app through its life on one loop: what servers do with loop_startup() and loop_shutdown().
#pragma once
#include <atomic>
#include <csgi/application.hpp>

namespace csgi { inline namespace v1 {

/// The async ones of an app's parts are started on the loop in order, and shut down in the reverse order; when one fails to
/// start, those before it are shut down again.
///
/// Threads:   the loop's.
class loop_life {
 public:
  /// `parts` are those of an app_life that has started; `stops` counts the requests to stop, which end a startup. Blocking code
  /// of the app finds its lane at `here`.
  ///
  /// Lifetime:  all borrowed.
  loop_life(std::span<const application> parts, loop_context& here, const std::atomic<int>& stops) noexcept;
  loop_life(const loop_life&) = delete;
  loop_life& operator=(const loop_life&) = delete;

  /// To be run on the loop, before its requests. After a request to stop it starts no further part, and ends.
  ///
  /// Errors:    what a part threw. Those before it have been shut down, then.
  task<> start();

  /// To be run on the loop: shuts down what has started there, all of it, whatever fails.
  ///
  /// Errors:    the first thing thrown.
  task<> finish();

 private:
  /// The loop's executor, with a lane.
  class laned final : public executor {
   public:
    explicit laned(loop_context& loop) noexcept : loop_(loop) {}
    void post(work& w) noexcept override { loop_.executor().post(w); }
    begun begin_wait(timer_op& t) noexcept override { return loop_.executor().begin_wait(t); }
    bool here() const noexcept override { return loop_.executor().here(); }
    void* find(const extension_id& wanted) noexcept override;

   private:
    loop_context& loop_;
  };

  task<> start_parts();
  void report(const std::exception_ptr& failure) noexcept;
  bool stopping() const noexcept { return stops_.load(std::memory_order_relaxed) > 0; }

  const std::span<const application> parts_;
  loop_context& loop_;
  const std::atomic<int>& stops_;
  laned home_;
  std::size_t started_ = 0;
};

}}  // namespace csgi::v1
