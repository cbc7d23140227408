// csgi/task.hpp - the coroutine type of async apps.
#pragma once
#include <coroutine>
#include <csgi/exchange_handle.hpp>
#include <cstring>
#include <exception>
#include <new>
#include <type_traits>

namespace csgi { inline namespace v1 {

/// What every csgi coroutine carries: how to stop it, which exchange it works for, and where it runs.
///
/// A coroutine, the operations it awaits and the coroutines it awaits all run on one executor, so nothing here
/// is synchronised.
class task_promise_base {
 public:
  /// Asks the operation awaited now, and every later await, to fail with operation_canceled.
  void stop() noexcept {
    stopped = true;
    if (awaited) cancel(*awaited);
  }

  /// Where the coroutine runs; null where nobody has said so, as for one that is driven by hand outside of a request.
  csgi::executor* executor() const noexcept { return home ? home : environment ? &environment->executor() : nullptr; }

  operation* waiter = nullptr;          ///< done when the coroutine is, unless it finished inside start()
  operation* awaited = nullptr;         ///< what it is suspended on
  exchange* environment = nullptr;      ///< of its exchange parameter, or of the coroutine that awaits it
  csgi::executor* home = nullptr;       ///< where it runs, if not on that exchange's executor: see run()
  std::exception_ptr failure;
  bool stopped = false;
  bool left = false;                    ///< start() has returned
  bool finished = false;

 protected:
  template <class Argument>
  void adopt(Argument& argument) noexcept {
    if constexpr (std::is_base_of_v<exchange_handle, std::remove_cv_t<Argument>>) environment = &argument.raw();
  }

  template <class Argument>
  static void adopt_memory(std::pmr::memory_resource*& memory, Argument& argument) noexcept {
    if constexpr (std::is_base_of_v<exchange_handle, std::remove_cv_t<Argument>>) memory = &argument.raw().memory();
  }
};

/// Awaits one operation: begins it, resumes with its result, or throws its error.
///
/// `begin` is called with the operation, and with the promise of the coroutine where it takes one. This is how a front
/// offers an operation of its own extension:
///   auto receive() const { return operation_awaiter(message_op{}, [w = &socket](message_op& o) noexcept { … }, "receive"); }
template <class Operation, class Begin>
class [[nodiscard("an operation begins only when it is awaited")]] operation_awaiter {
 public:
  operation_awaiter(Operation op, Begin begin, const char* name) noexcept : op_(std::move(op)), begin_(begin), name_(name) {}
  operation_awaiter(const operation_awaiter&) = delete;
  operation_awaiter& operator=(const operation_awaiter&) = delete;

  bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    static_assert(std::is_base_of_v<task_promise_base, Promise>, "csgi operations are awaited in a csgi::task");
    promise_ = &coroutine.promise();
    if (promise_->stopped) {
      op_.error = std::make_error_code(std::errc::operation_canceled);
      return false;
    }
    op_.owner = coroutine.address();
    op_.done = [](operation& o) noexcept { std::coroutine_handle<>::from_address(o.owner).resume(); };
    promise_->awaited = &op_;
    if constexpr (std::is_invocable_v<Begin&, Operation&, task_promise_base&>) {
      return begin_(op_, *promise_) == begun::pending;
    } else {
      return begin_(op_) == begun::pending;  // pending: *this may be gone already
    }
  }

  decltype(auto) await_resume() {
    promise_->awaited = nullptr;
    if (op_.error) raise(op_.error, name_);
    return op_.result();
  }

 private:
  Operation op_;
  Begin begin_;
  const char* name_;
  task_promise_base* promise_ = nullptr;
};

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
      std::pmr::memory_resource* memory = std::pmr::new_delete_resource();
      (adopt_memory(memory, arguments), ...);
      auto* frame = static_cast<char*>(memory->allocate(size + sizeof memory));
      std::memcpy(frame + size, &memory, sizeof memory);
      return frame;
    }
    [[gnu::always_inline]] static void operator delete(void* frame, std::size_t size) noexcept {
      std::pmr::memory_resource* memory = nullptr;
      std::memcpy(&memory, static_cast<char*>(frame) + size, sizeof memory);
      memory->deallocate(frame, size + sizeof memory);
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

  auto operator co_await() && noexcept { return awaiter(coroutine_.promise(), *this); }

 private:
  class awaiter : operation {
   public:
    awaiter(promise_type& child, task& t) noexcept : child_(child), task_(t) {}
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
      if (!child_.environment) child_.environment = parent_->environment;
      child_.home = parent_->home;
      owner = coroutine.address();
      done = [](operation& o) noexcept { std::coroutine_handle<>::from_address(o.owner).resume(); };
      server = &child_;
      stop = [](operation& o) noexcept { static_cast<promise_type*>(o.server)->stop(); };
      parent_->awaited = this;
      return task_.start(*this) == begun::pending;
    }

    T await_resume() {
      parent_->awaited = nullptr;
      if (error) raise(error, "await");
      return task_.result();
    }

   private:
    promise_type& child_;
    task& task_;
    task_promise_base* parent_ = nullptr;
  };

  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

}}  // namespace csgi::v1
