// csgi/awaitable.hpp - what a coroutine can await, alone or beside others.
#pragma once
#include <concepts>
#include <coroutine>
#include <csgi/task_promise.hpp>

namespace csgi { inline namespace v1 {

/// Something that a csgi coroutine begins, waits for and can stop: a task, an operation, when_all(...) and its like.
///
/// start(waiter, parent)  begins it for the coroutine `parent`, in its environment and on its executor. Once only.
///                        completed: it has ended. pending: `waiter.done` is called when it has, never inside start().
/// stop()                 asks it to end soon. Allowed inside start(), not before it nor after its end; `waiter.done` is not
///                        called inside.
/// failed(), result()     once it has ended: whether result() throws; its value. result() is called once at most.
template <class A>
concept awaitable = requires(A& a, operation& waiter, task_promise_base& parent) {
  { a.start(waiter, parent) } noexcept -> std::same_as<begun>;
  { a.stop() } noexcept;
  { a.failed() } noexcept -> std::same_as<bool>;
  a.result();
};

/// Awaits an awaitable: what its operator co_await gives.
template <class A>
class awaiter : operation {
 public:
  explicit awaiter(A& what) noexcept {
    done = [](operation& o) noexcept { std::coroutine_handle<>::from_address(o.owner).resume(); };
    server = &what;
    stop = [](operation& o) noexcept { static_cast<A*>(o.server)->stop(); };
  }
  awaiter(const awaiter&) = delete;
  awaiter& operator=(const awaiter&) = delete;

  bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    static_assert(std::is_base_of_v<task_promise_base, Promise>, "a csgi::task is awaited in a csgi::task");
    parent_ = &coroutine.promise();
    if (parent_->stopped) {
      error = std::make_error_code(std::errc::operation_canceled);
      return false;
    }
    owner = coroutine.address();
    parent_->awaited = this;
    return what().start(*this, *parent_) == begun::pending;
  }

  decltype(auto) await_resume() {
    parent_->awaited = nullptr;
    if (error) raise(error, "await");
    return what().result();
  }

 private:
  A& what() const noexcept { return *static_cast<A*>(server); }

  task_promise_base* parent_ = nullptr;
};

}}  // namespace csgi::v1
