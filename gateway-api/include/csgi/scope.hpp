// csgi/scope.hpp - tasks that run beside the coroutine that spawned them, and never outlive it.
#pragma once
#include <csgi/fork.hpp>
#include <csgi/scope_core.hpp>

namespace csgi { inline namespace v1 {

/// Where tasks run that nobody awaits one by one. It comes from scoped(), which does not end before they have.
///
/// Memory:    a few words for each task, of the exchange's memory, else of the heap, until the task has ended.
class task_scope : public scope_core {
 public:
  /// Starts a task: runs it up to its first real wait.
  ///
  /// If it fails, at once or later, all others are stopped, and so is the body; see scoped().
  /// Errors:    cancelled, when the scope is ending already: the task is dropped unstarted; std::bad_alloc.
  void spawn(task<> child) { launch(std::move(child)); }

 protected:
  task_scope(task_promise_base& parent, operation& end, std::size_t) noexcept : scope_core(parent, end, unlimited) {}
};

/// How many tasks of a bounded_scope run at the same time, at least one.
struct at_most {
  explicit constexpr at_most(std::size_t n) noexcept : places(n > 0 ? n : 1) {}
  std::size_t places;
};

/// A task_scope with so many places.
class bounded_scope : public scope_core {
 public:
  /// `co_await scope.spawn(fetch(url));` waits for a free place, first come, first served, and starts the task as
  /// task_scope::spawn does.
  ///
  /// Requires:  not in a spawned task, which holds a place while it waits for one.
  /// Errors:    cancelled, also when the wait alone is stopped: the task is dropped unstarted; not_enough_memory; misuse,
  ///            where it would have to wait, but runs on no executor.
  auto spawn(task<> child) noexcept {
    return await_operation<"spawn">(spawn_op(*this, std::move(child)), [this](spawn_op& o) noexcept { return begin_spawn(o); });
  }

 protected:
  using scope_core::scope_core;
};

template <class Scope, class Body>
class [[nodiscard("the body runs only when scoped is awaited")]] scope_run {
 public:
  scope_run(Body body, std::size_t places) : make_(std::move(body)), places_(places) {}
  scope_run(scope_run&& unbegun) : make_(std::move(unbegun.make_)), places_(unbegun.places_) {}

  begun start(operation& waiter, task_promise_base& parent) noexcept {
    auto& scope = scope_.emplace(parent, waiter, places_);
    scope.begin_body(end_);
    try {
      body_.emplace(make_(static_cast<Scope&>(scope)));
    } catch (...) {
      return scope.end_body(std::current_exception()) ? begun::completed : begun::pending;
    }
    if (scope.ending()) body_->stop();     // a plain function may have spawned tasks, and then given a coroutine
    end_.owner = this;
    end_.stop = [](operation& o) noexcept { static_cast<scope_run*>(o.owner)->body_->stop(); };
    end_.done = [](operation& o) noexcept {
      auto& self = *static_cast<scope_run*>(o.owner);
      self.scope_->end_with_body(self.body_->failure());
    };
    if (body_->start(end_, parent) == begun::pending) return begun::pending;
    return scope.end_body(body_->failure()) ? begun::completed : begun::pending;
  }

  void stop() noexcept { scope_->stop_all(); }

  bool failed() const noexcept { return scope_->failure() != nullptr; }

  decltype(auto) result() {
    if (failed()) std::rethrow_exception(scope_->failure());
    return body_->result();
  }

  awaiter<scope_run> operator co_await() && noexcept { return awaiter<scope_run>(*this); }

 private:
  // What scoped() may do with a scope.
  struct opened : Scope {
    opened(task_promise_base& parent, operation& end, std::size_t places) noexcept : Scope(parent, end, places) {}
    using Scope::begin_body;
    using Scope::end_body;
    using Scope::end_with_body;
    using Scope::ending;
    using Scope::failure;
    using Scope::stop_all;
  };

  Body make_;
  std::size_t places_;
  std::optional<opened> scope_;
  std::optional<std::invoke_result_t<Body&, Scope&>> body_;
  operation end_;
};

template <class T>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<task<T>> = true;

template <class Scope, class Body>
auto open_scope(Body&& body, std::size_t places) {
  using function = std::remove_cvref_t<Body>;
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
  static_assert(std::is_lvalue_reference_v<Body> || std::is_trivially_destructible_v<function>,
                "g++ 12 would destroy this function's captures twice: capture by reference, or give the function a name first");
#endif
  if constexpr (!std::is_invocable_v<function&, Scope&>)
    static_assert(!sizeof(function), "scoped() needs a function that takes a task_scope&, or with at_most(n) a bounded_scope&");
  else if constexpr (!is_task<std::invoke_result_t<function&, Scope&>>)
    static_assert(!sizeof(function), "the function given to scoped() has to be a coroutine: -> csgi::task<>");
  else
    return scope_run<Scope, function>(std::forward<Body>(body), places);
}

/// `co_await csgi::scoped([&](csgi::task_scope& scope) -> csgi::task<> { scope.spawn(…); scope.spawn(…); co_await …; });`
///
/// Runs the body, a coroutine that may spawn tasks, and resumes with its value when it and all spawned tasks have ended:
/// nothing runs on behind its back. When the body or a task fails, all others are stopped, and waited for, those
/// too that swallow it and go on; then what failed first is thrown, and other failures are dropped. A stop of the coroutine reaches the
/// body and every task. A body that has been stopped cannot await any more: catch failures around scoped(), not in it.
/// Lifetime:  the function is copied and lives as long as the body, so that it may have captures.
/// Threads:   all on the executor of the coroutine that awaits: tasks run while others wait.
/// Errors:    what failed first; cancelled.
template <class Body>
auto scoped(Body&& body) {
  return open_scope<task_scope>(std::forward<Body>(body), 0);
}

/// The same with at most so many tasks at the same time:
/// `co_await csgi::scoped(csgi::at_most(8), [&](csgi::bounded_scope& scope) -> csgi::task<> { … co_await scope.spawn(…); });`
template <class Body>
auto scoped(at_most limit, Body&& body) {
  return open_scope<bounded_scope>(std::forward<Body>(body), limit.places);
}

}}  // namespace csgi::v1
