// csgi/to_thread.hpp - blocking code from a coroutine.
#pragma once
#include <csgi/error.hpp>
#include <csgi/lane.hpp>
#include <csgi/task.hpp>
#include <optional>
#include <variant>

namespace csgi { inline namespace v1 {

/// Tells blocking code whether the coroutine that waits for it is to end. It may look, and return early; nobody makes it.
///
/// Lifetime:  the call's.
/// Threads:   any.
class stop_flag {
 public:
  explicit stop_flag(blocking_call& call) noexcept : stopped_(call.stopped) {}
  bool requested() const noexcept { return std::atomic_ref(stopped_).load(std::memory_order_relaxed); }

 private:
  bool& stopped_;
};

/// The lane for blocking code of the coroutine with this promise: of the executor it runs on, or of its exchange. Null
/// where there is none: outside of a request and of run(), and in a blocking app, which has its own thread.
inline lane* lane_of(const task_promise_base& promise) noexcept {
  if (promise.home) return static_cast<lane*>(promise.home->find(lane::id));
  if (promise.environment) return static_cast<lane*>(promise.environment->find(lane::id));
  return nullptr;
}

/// `f` as a call, with its result or what it threw.
template <class F>
class call_of : public blocking_call {
 public:
  explicit call_of(F f) noexcept(std::is_nothrow_move_constructible_v<F>) : function_(std::move(f)) {
    call = [](blocking_call& c) noexcept { static_cast<call_of&>(c).perform(); };
  }

  auto result() {
    if (failure_) std::rethrow_exception(failure_);
    if constexpr (!std::is_void_v<returned>) return std::move(*value_);
  }

  bool failed() const noexcept { return error || failure_; }

 private:
  static constexpr bool looks = std::is_invocable_v<F&, stop_flag>;
  using returned = typename std::conditional_t<looks, std::invoke_result<F&, stop_flag>, std::invoke_result<F&>>::type;
  static_assert(!std::is_reference_v<returned>, "what blocking code returns has to be a value: it crosses threads");
  using value = std::conditional_t<std::is_void_v<returned>, std::monostate, returned>;

  decltype(auto) invoke() {
    if constexpr (looks) return function_(stop_flag(*this));
    else return function_();
  }

  void perform() noexcept {
    try {
      if constexpr (std::is_void_v<returned>) invoke();
      else value_.emplace(invoke());
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  F function_;
  std::optional<value> value_;
  std::exception_ptr failure_;
};

/// Begins a call, by a member of lane, for the coroutine with this promise.
inline begun begin_on_lane(blocking_call& op, const task_promise_base& promise, begun (lane::*begin)(blocking_call&) noexcept) noexcept {
  if (auto* const on = lane_of(promise)) return (on->*begin)(op);
  op.error = std::make_error_code(std::errc::operation_not_supported);
  return begun::completed;
}

/// `auto rows = co_await csgi::to_thread([&] { return database.query(sql); });`
///
/// Calls `f()`, or `f(stop_flag)` where it takes that, on the lane of the request: all such calls of one request run on
/// one thread, one after the other. Resumes with what it returned, or throws what it threw; never before it has ended.
/// Under run() that thread is the one that called run().
/// Errors:    cancelled, when the coroutine is stopped before `f` was called; overloaded, where every thread is busy and
///            too many wait, or it has waited for one for too long; error(resource_deadlock_would_occur), where other calls
///            of the request have kept `f` waiting for too long, as one does that waits for `f` itself;
///            error(operation_not_supported), where there is no lane.
template <class F>
auto to_thread(F f) {
  return await_operation<"to_thread">(call_of<F>(std::move(f)), [](call_of<F>& op, task_promise_base& promise) noexcept {
    return begin_on_lane(op, promise, &lane::begin_call);
  });
}

/// The same on any thread of the pool: for calls that do not depend on each other and may run at the same time.
template <class F>
auto to_pool(F f) {
  return await_operation<"to_pool">(call_of<F>(std::move(f)), [](call_of<F>& op, task_promise_base& promise) noexcept {
    return begin_on_lane(op, promise, &lane::begin_pooled_call);
  });
}

/// A blocking function as one to be awaited: `auto query = as_task(blocking_query); auto rows = co_await query(sql);`
///
/// Arguments are copied or moved into the call.
template <class F>
auto as_task(F f) {
  return [f = std::move(f)]<class... Arguments>(Arguments... passed) {
    return [](F function, Arguments... given) -> task<std::invoke_result_t<F&, Arguments...>> {
      auto call = to_thread([&]() -> decltype(auto) { return function(std::move(given)...); });
      co_return co_await call;
    }(f, std::move(passed)...);
  };
}

}}  // namespace csgi::v1
