// bare_coroutine.hpp - for benchmarks, the floor: a coroutine that can do no more than give a value or throw, awaited as tasks are.
#pragma once
#include <coroutine>
#include <exception>
#include <utility>

struct bare {
  struct promise_type {
    bare get_return_object() noexcept { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    auto final_suspend() const noexcept {
      struct handover {
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<promise_type> ended) const noexcept {
          auto& promise = ended.promise();
          promise.finished = true;
          if (promise.left) promise.waiter.resume();
        }
        void await_resume() const noexcept {}
      };
      return handover{};
    }
    void unhandled_exception() noexcept { failure = std::current_exception(); }
    void return_value(int v) noexcept { value = v; }

    std::coroutine_handle<> waiter;
    std::exception_ptr failure;
    int value = 0;
    bool left = false;
    bool finished = false;
  };

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiter) noexcept {
    coroutine.promise().waiter = waiter;
    coroutine.resume();
    if (coroutine.promise().finished) return false;
    return coroutine.promise().left = true;
  }
  int await_resume() {
    if (coroutine.promise().failure) std::rethrow_exception(coroutine.promise().failure);
    return coroutine.promise().value;
  }

  bare(std::coroutine_handle<promise_type> h) noexcept : coroutine(h) {}
  bare(bare&& other) noexcept : coroutine(std::exchange(other.coroutine, {})) {}
  bare& operator=(bare&&) = delete;
  ~bare() {
    if (coroutine) coroutine.destroy();
  }

  std::coroutine_handle<promise_type> coroutine;
};
