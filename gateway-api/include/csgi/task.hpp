// csgi/task.hpp - the coroutine type of async apps.
#pragma once
#include <csgi/awaitable.hpp>
#include <csgi/operation_awaiter.hpp>
#include <cstring>
#include <new>
#include <optional>

namespace csgi { inline namespace v1 {

template <class T>
class task_value {
 public:
  template <class U>
  void return_value(U&& value) { value_.emplace(std::forward<U>(value)); }
  T take() { return std::move(*value_); }

 private:
  std::optional<T> value_;
};

template <>
class task_value<void> {
 public:
  void return_void() noexcept {}
  void take() noexcept {}
};

/// A coroutine that gives a T. It does nothing until it is awaited, or started by who drives it.
///
/// It awaits tasks and csgi operations. What else can be awaited may be, but no stop reaches it, and it has to resume the
/// coroutine on the executor that it was suspended on.
/// Memory:    a coroutine with an exchange front among its parameters keeps its frame in that exchange's memory,
///            any other one on the heap.
/// Lifetime:  never destroyed while it is suspended: stop() it, then wait until it is done.
/// Threads:   started, resumed, stopped and destroyed on one executor.
template <class T = void>
class [[nodiscard("a task runs only when it is awaited")]] task {
 public:
  class promise_type : public task_promise_base, public task_value<T> {
   public:
    template <class... Arguments>
    explicit promise_type(Arguments&... arguments) noexcept { (adopt(arguments), ...); }

    task get_return_object() noexcept { return task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { failure = std::current_exception(); }

    auto final_suspend() const noexcept {
      struct handover {
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<promise_type> coroutine) const noexcept {
          auto& promise = coroutine.promise();
          promise.finished = true;
          if (promise.left) promise.waiter->done(*promise.waiter);  // which may destroy the coroutine
        }
        void await_resume() const noexcept {}
      };
      return handover{};
    }

    // The frame's memory resource is remembered behind the frame. Inlined because g++ 12 otherwise takes this pair
    // for mismatched and warns in every coroutine compiled without optimisation (-Wmismatched-new-delete).
    template <class... Arguments>
    [[gnu::always_inline]] static void* operator new(std::size_t size, Arguments&... arguments) {
      std::pmr::memory_resource* memory = nullptr;      // null: the heap
      (adopt_memory(memory, arguments), ...);
      const auto whole = size + sizeof memory;
      auto* frame = static_cast<char*>(memory ? memory->allocate(whole) : ::operator new(whole));
      std::memcpy(frame + size, &memory, sizeof memory);
      return frame;
    }
    [[gnu::always_inline]] static void operator delete(void* frame, std::size_t size) noexcept {
      std::pmr::memory_resource* memory = nullptr;
      std::memcpy(&memory, static_cast<char*>(frame) + size, sizeof memory);
      if (memory) memory->deallocate(frame, size + sizeof memory);
      else ::operator delete(frame);  // not the sized one, which clang 14 does not declare
    }
  };

  task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  task& operator=(task other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~task() {
    if (coroutine_) coroutine_.destroy();
  }

  /// Runs it up to its first real wait. `waiter.done` is called when it finishes later.
  ///
  /// Requires:  called once; for who drives coroutines. Others await.
  begun start(operation& waiter) noexcept {
    auto& promise = coroutine_.promise();
    promise.waiter = &waiter;
    coroutine_.resume();
    if (promise.finished) return begun::completed;
    promise.left = true;
    return begun::pending;
  }

  /// The same for a part of the coroutine `parent`: on its executor and, unless it has an exchange of its own, for its
  /// exchange.
  begun start(operation& waiter, task_promise_base& parent) noexcept {
    auto& promise = coroutine_.promise();
    if (!promise.environment) promise.environment = parent.environment;
    promise.home = parent.home;
    return start(waiter);
  }

  /// Says where it runs, and so do those it awaits; for who drives coroutines elsewhere than on an exchange's executor.
  ///
  /// Requires:  before start().
  void settle(csgi::executor& home) noexcept { coroutine_.promise().home = &home; }

  /// Says which exchange it works for, unless it has one among its parameters.
  ///
  /// Requires:  before start().
  void adopt(exchange& work_for) noexcept {
    if (!environment()) coroutine_.promise().environment = &work_for;
  }

  /// The exchange it works for, as far as it is known before start(); or null.
  exchange* environment() const noexcept { return coroutine_.promise().environment; }

  /// Asks it to end soon: what it awaits fails with operation_canceled, and it unwinds.
  void stop() noexcept { coroutine_.promise().stop(); }

  /// What it ended with, null for a value.
  ///
  /// Requires:  finished.
  const std::exception_ptr& failure() const noexcept { return coroutine_.promise().failure; }

  /// Its value, or throws what it ended with.
  ///
  /// Requires:  finished; called once.
  T result() {
    if (failure()) std::rethrow_exception(failure());
    return coroutine_.promise().take();
  }

  /// Whether result() throws.
  ///
  /// Requires:  finished.
  bool failed() const noexcept { return failure() != nullptr; }

  awaiter<task> operator co_await() && noexcept { return awaiter<task>(*this); }

  template <class Never = void>
  std::suspend_never operator co_await() const& noexcept {
    static_assert(!std::is_void_v<Never>, "a csgi::task is awaited once: co_await it where it is made, or co_await std::move(t)");
    return {};
  }

 private:
  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

}}  // namespace csgi::v1
