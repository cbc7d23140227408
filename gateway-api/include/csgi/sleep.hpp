// csgi/sleep.hpp - waiting for a time, wherever a coroutine runs.
#pragma once
#include <csgi/error.hpp>
#include <csgi/task.hpp>

namespace csgi { inline namespace v1 {

/// `co_await csgi::sleep_until(then);` resumes at `then`, or at once when that is past.
///
/// Errors:    cancelled, when the coroutine is to end; misuse, where it runs on no executor.
inline auto sleep_until(clock::time_point then) noexcept {
  timer_op op;
  op.at = then;
  return await_operation<"sleep">(op, [](timer_op& o, task_promise_base& promise) noexcept {
    if (auto* const here = promise.executor()) return here->begin_wait(o);
    o.error = std::make_error_code(std::errc::operation_not_permitted);
    return begun::completed;
  });
}

/// The same, `duration` from now on.
template <class Rep, class Period>
auto sleep_for(std::chrono::duration<Rep, Period> duration) noexcept { return sleep_until(from_now(duration)); }

}}  // namespace csgi::v1
