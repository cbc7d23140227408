// csgi/operation_awaiter.hpp - an operation as something that a coroutine can await.
#pragma once
#include <algorithm>
#include <coroutine>
#include <csgi/task_promise.hpp>

namespace csgi { inline namespace v1 {

/// What the message of an operation's error calls it. A part of the awaiter's type, so that nothing of it is kept in frames.
template <std::size_t Size>
struct operation_name {
  consteval operation_name(const char (&literal)[Size]) { std::copy_n(literal, Size, text); }
  char text[Size];
};

/// Awaits one operation: begins it, resumes with its result, or throws its error. It is an awaitable, too.
///
/// Made by await_operation().
/// Lifetime:  may be moved until it is begun.
template <operation_name Name, class Operation, class Begin, error_meaning Meaning = usual_meaning>
class [[nodiscard("an operation begins only when it is awaited")]] operation_awaiter {
 public:
  operation_awaiter(Operation&& op, Begin&& begin) noexcept : op_(std::move(op)), begin_(std::move(begin)) {}
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
    progress_ = begins;
    if (begin(parent) == begun::completed) return begun::completed;
    if (std::exchange(progress_, pends) == stopped) cancel(op_);
    return begun::pending;
  }

  void stop() noexcept {
    if (std::exchange(progress_, stopped) == pends) cancel(op_);
  }

  bool failed() const noexcept { return op_.failed(); }

  decltype(auto) result() {
    if (op_.error) raise(op_.error, Name.text, meaning());
    return op_.result();
  }

 private:
  const char* meaning() const noexcept {
    if constexpr (requires { begin_.meaning(op_.error); }) return begin_.meaning(op_.error);
    else return Meaning(op_.error);
  }

  static constexpr unsigned char begins = 0, pends = 1, stopped = 2;

  begun begin(task_promise_base& promise) noexcept {
    if constexpr (std::is_invocable_v<Begin&, Operation&, task_promise_base&>) return begin_(op_, promise);
    else return begin_(op_);
  }

  Operation op_;
  Begin begin_;
  unsigned char progress_;      // set by start(), and not before: who co_awaits, which is the rule, does not pay for it
};

/// `begin` is called with the operation, and with the promise of the coroutine where it takes one; `Meaning` says in the
/// exception's message what went wrong, or `begin.meaning(code)` does, where that takes more than the code. This is how a front
/// offers an operation of its own extension:
///   auto receive() const { return await_operation<"receive">(message_op{}, [w = &socket](message_op& o) noexcept { … }); }
template <operation_name Name, error_meaning Meaning = usual_meaning, class Operation, class Begin>
auto await_operation(Operation op, Begin begin) noexcept {
  return operation_awaiter<Name, Operation, Begin, Meaning>(std::move(op), std::move(begin));
}

}}  // namespace csgi::v1
