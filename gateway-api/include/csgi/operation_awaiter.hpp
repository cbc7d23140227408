// csgi/operation_awaiter.hpp - an operation as something that a coroutine can await.
#pragma once
#include <coroutine>
#include <csgi/task_promise.hpp>

namespace csgi { inline namespace v1 {

/// Awaits one operation: begins it, resumes with its result, or throws its error. It is an awaitable, too.
///
/// `begin` is called with the operation, and with the promise of the coroutine where it takes one. This is how a front
/// offers an operation of its own extension:
///   auto receive() const { return operation_awaiter(message_op{}, [w = &socket](message_op& o) noexcept { … }, "receive"); }
///
/// Lifetime:  may be moved until it is begun.
template <class Operation, class Begin>
class [[nodiscard("an operation begins only when it is awaited")]] operation_awaiter {
 public:
  operation_awaiter(Operation op, Begin begin, const char* name) noexcept
      : op_(std::move(op)), begin_(std::move(begin)), name_(name) {}
  operation_awaiter(operation_awaiter&&) noexcept = default;
  operation_awaiter& operator=(operation_awaiter&&) = delete;
  ~operation_awaiter() = default;

  bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    static_assert(std::is_base_of_v<task_promise_base, Promise>, "csgi operations are awaited in a csgi::task");
    task_promise_base& promise = coroutine.promise();
    op_.owner = &promise;
    if (promise.stopped) [[unlikely]] {
      op_.error = std::make_error_code(std::errc::operation_canceled);
      return false;
    }
    op_.done = [](operation& o) noexcept {
      auto& waiting = static_cast<Promise&>(*static_cast<task_promise_base*>(o.owner));
      waiting.awaited = nullptr;
      std::coroutine_handle<Promise>::from_promise(waiting).resume();
    };
    if (begin(promise) == begun::completed) return false;
    promise.awaited = &op_;            // only now, so that nobody cancels it inside its begin
    if (promise.stopped) [[unlikely]] cancel(op_);
    return true;
  }

  decltype(auto) await_resume() { return result(); }

  begun start(operation& waiter, task_promise_base& parent) noexcept {
    op_.owner = &waiter;
    op_.done = [](operation& o) noexcept {
      auto& waiting = *static_cast<operation*>(o.owner);
      waiting.done(waiting);
    };
    if (begin(parent) == begun::completed) return begun::completed;
    pending_ = true;
    if (stopped_) cancel(op_);
    return begun::pending;
  }

  void stop() noexcept {
    stopped_ = true;
    if (pending_) cancel(op_);
  }

  bool failed() const noexcept { return op_.failed(); }

  decltype(auto) result() {
    if (op_.error) raise(op_.error, name_);
    return op_.result();
  }

 private:
  begun begin(task_promise_base& promise) noexcept {
    if constexpr (std::is_invocable_v<Begin&, Operation&, task_promise_base&>) return begin_(op_, promise);
    else return begin_(op_);
  }

  Operation op_;
  Begin begin_;
  const char* name_;
  bool pending_ = false;
  bool stopped_ = false;
};

}}  // namespace csgi::v1
