// lane_exchange.hpp - the exchange of an async app as a blocking app sees it, on the lane's thread.
#pragma once
#include <csgi/blocking_app.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/file_sender.hpp>
#include <csgi/finish_hooks.hpp>
#include <csgi/frame_memory.hpp>
#include <csgi/work_queue.hpp>
#include <thread>
#include "blocking_hooks.hpp"
#include "ferry.hpp"
#include "kept_head.hpp"

namespace csgi { inline namespace v1 {

/// A head stays here until an operation commits it, and a finish that need not be waited for leaves by itself: so the whole
/// answer of most apps costs no other way between the threads than the call.
///
/// Lifetime:  made and destroyed on the executor, around the call, and not before depart() has ended.
/// Threads:   the lane's, unless said otherwise.
class lane_exchange final : public exchange, private csgi::executor, private file_sender, private finish_hooks {
 public:
  /// Threads:   the executor's.
  lane_exchange(exchange& outer, helping_lane& lane) noexcept : outer_(outer), there_(outer, lane) {}
  lane_exchange(const lane_exchange&) = delete;
  lane_exchange& operator=(const lane_exchange&) = delete;

  /// Has the app answer, inside a call of the lane.
  void run(blocking_app& app);

  /// Waits for the finish that has left by itself, and hands on a head that nothing has committed.
  ///
  /// Threads:   the executor's, when the call has ended.
  begun begin_departure(operation& op) noexcept;

  const request& head() const noexcept override { return outer_.head(); }
  csgi::executor& executor() noexcept override { return *this; }
  std::pmr::memory_resource& memory() noexcept override { return memory_; }
  bool connected() noexcept override;
  csgi::phase phase() const noexcept override { return phase_; }
  std::error_code start(const response_head& head) noexcept override;
  begun begin_read(read_op& op) noexcept override;
  begun begin_write(write_op& op) noexcept override;
  begun begin_gone(operation& op) noexcept override;
  void abort(std::errc reason) noexcept override;
  void* find(const extension_id& wanted) noexcept override;

 private:
  static constexpr std::size_t most_copied = 64 * 1024;

  // csgi::executor: posted work runs here at the next operation
  void post(work& w) noexcept override { posted_.push(w); }
  begun begin_wait(timer_op& t) noexcept override;
  bool here() const noexcept override { return thread_ == std::this_thread::get_id(); }

  begun begin_send_file(file_op& op) noexcept override;
  void add(finish_hook& hook) noexcept override;

  void* found(const extension_id& wanted) noexcept;
  template <class Operation, class Begin>
  begun perform(Operation& op, Begin begin) noexcept;
  bool may_leave(const write_op& op) const noexcept;

  // On the executor.
  std::error_code hand_on_head() noexcept;
  void observe() noexcept;
  void leave() noexcept;
  void left() noexcept;

  exchange& outer_;
  ferry there_;
  frame_memory memory_;
  work_queue posted_;
  polled_drain_notice notice_;
  std::thread::id thread_;
  csgi::phase phase_ = csgi::phase::open;
  kept_head head_;
  blocking_hooks* hooks_ = nullptr;       // the outer exchange's

  std::string body_;                      // of the finish that leaves by itself
  write_op finish_;
  bool leaves_ = false;
  bool has_left_ = false;
  operation* waiter_ = nullptr;           // for it
};

}}  // namespace csgi::v1
