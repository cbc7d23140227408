// csgi/scope_core.hpp - what task_scope and bounded_scope have in common.
#pragma once
#include <csgi/task.hpp>
#include <cstdio>
#include <limits>

namespace csgi { inline namespace v1 {

/// The running tasks of a scope, and those coroutines that wait: for its end, or for a place in it.
///
/// Lifetime:  within scoped(). One that is destroyed while tasks run, with the frame of a suspended coroutine for
///            instance, says so and terminates the program: they would run on over freed memory.
/// Threads:   the executor of the coroutine that awaits scoped().
class scope_core {
 public:
  scope_core(const scope_core&) = delete;
  scope_core& operator=(const scope_core&) = delete;

  /// Resumes when all tasks spawned up to now, and meanwhile, have ended; throws what the first that failed has failed
  /// with.
  ///
  /// Requires:  not in a spawned task, which would wait for itself.
  /// Errors:    cancelled, when it alone is stopped, by with_timeout() for one, and the tasks run on; misuse, for a second
  ///            join at the same time.
  auto join() noexcept {
    return await_operation<"join">(join_op(*this), [](join_op& o) noexcept { return o.scope.begin_join(o); });
  }

  /// Asks the spawned tasks, but not the body, to end. That they end with cancelled is no failure then.
  void stop() noexcept {
    dismissed_ = true;
    stop_children();
  }

  /// How many of the spawned tasks have not ended.
  std::size_t running() const noexcept { return running_; }

  /// The exchange that it works for, or null. A coroutine that takes a scope has its frame in that exchange's memory.
  exchange* environment() const noexcept { return parent_.environment; }

 protected:
  static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

  // A task that waits for its place.
  struct spawn_op : operation {
    spawn_op(scope_core& s, task<> t) noexcept : scope(s), child(std::move(t)) {}
    scope_core& scope;
    task<> child;
    spawn_op* following = nullptr;
  };

  scope_core(task_promise_base& parent, operation& end, std::size_t places) noexcept
      : parent_(parent), end_(end), places_(places) {}

  ~scope_core() {
    if (running_ == 0) return;
    std::fputs("csgi: a task_scope was destroyed while its tasks were running\n", stderr);
    std::terminate();
  }

  void launch(task<> child) {
    if (stopping_) raise(std::make_error_code(std::errc::operation_canceled), "spawn");
    auto& one = *::new (memory().allocate(sizeof(spawned), alignof(spawned))) spawned(std::move(child));
    one.following = first_;
    if (first_) first_->previous = &one;
    first_ = &one;
    ++running_;
    one.owner = this;
    one.stop = [](operation& o) noexcept { static_cast<spawned&>(o).child.stop(); };
    one.done = [](operation& o) noexcept {
      auto& scope = *static_cast<scope_core*>(o.owner);
      scope.settle(static_cast<spawned&>(o));
      scope.go_on();
    };
    if (one.child.start(one, parent_) == begun::completed) settle(one);
  }

  begun begin_spawn(spawn_op& op) noexcept {
    if (stopping_) return refuse(op, std::errc::operation_canceled);
    if (running_ < places_ && !waiting_) {
      give_place(op);
      return begun::completed;
    }
    if (!parent_.executor()) return refuse(op, std::errc::operation_not_permitted);
    op.server = this;
    op.stop = [](operation& o) noexcept { static_cast<scope_core*>(o.server)->drop(static_cast<spawn_op&>(o)); };
    auto** last = &waiting_;
    while (*last) last = &(*last)->following;
    *last = &op;
    return begun::pending;
  }

  // For scoped(): the body is stopped with the others, and the end is not before the body's.

  void begin_body(operation& body) noexcept { body_ = &body; }

  bool end_body(std::exception_ptr failure) noexcept {
    body_->stop = nullptr;
    body_ = nullptr;
    if (failure) fail(std::move(failure));
    return running_ == 0;
  }

  // The same where the body has been waited for: tells who waits for the end, who may destroy all this.
  void end_with_body(std::exception_ptr failure) noexcept {
    if (end_body(std::move(failure))) end_.done(end_);
  }

  void stop_all() noexcept {
    ending_ = true;
    if (body_) cancel(*body_);
    stop_children();
  }

  bool ending() const noexcept { return ending_; }
  const std::exception_ptr& failure() const noexcept { return failure_; }

 private:
  struct join_op : operation {
    explicit join_op(scope_core& s) noexcept : scope(s) {}
    void result() const {
      if (scope.failure_) std::rethrow_exception(scope.failure_);
    }
    bool failed() const noexcept { return error || scope.failure_; }
    scope_core& scope;
  };

  struct spawned : operation {
    explicit spawned(task<> t) noexcept : child(std::move(t)) {}
    task<> child;
    spawned* previous = nullptr;
    spawned* following = nullptr;
  };

  static begun refuse(operation& op, std::errc why) noexcept {
    op.error = std::make_error_code(why);
    return begun::completed;
  }

  static bool is_cancellation(const std::exception_ptr& failure) noexcept {
    try {
      std::rethrow_exception(failure);
    } catch (const cancelled&) {
      return true;
    } catch (...) {  // somebody else's business
      return false;
    }
  }

  std::pmr::memory_resource& memory() const noexcept {
    return parent_.environment ? parent_.environment->memory() : *std::pmr::new_delete_resource();
  }

  // Takes note of how it ended, and destroys it.
  void settle(spawned& one) noexcept {
    one.stop = nullptr;
    if (one.child.failed() && !(dismissed_ && is_cancellation(one.child.failure()))) fail(one.child.failure());
    (one.previous ? one.previous->following : first_) = one.following;
    if (one.following) one.following->previous = one.previous;
    auto& from = memory();
    one.~spawned();
    from.deallocate(&one, sizeof(spawned), alignof(spawned));
    --running_;
  }

  void fail(std::exception_ptr why) noexcept {
    if (failure_) return;
    failure_ = std::move(why);
    stop_all();
  }

  void stop_children() noexcept {
    stopping_ = true;
    for (auto* one = first_; one; one = one->following) cancel(*one);
    while (waiting_) cancel(*waiting_);
  }

  // After the end of a task: begins those that waited for its place, or tells who waits for the end of all. The last
  // `done` may destroy all this.
  void go_on() noexcept {
    spawn_op* served = nullptr;
    for (auto** last = &served; waiting_ && running_ < places_; last = &(*last)->following) {
      *last = std::exchange(waiting_, waiting_->following);
      (*last)->following = nullptr;
      (*last)->stop = nullptr;
      give_place(**last);
    }
    if (served) {
      while (served) {
        auto& op = *std::exchange(served, served->following);
        op.done(op);
      }
    } else if (running_ > 0) {
      return;
    } else if (joiner_) {
      auto& op = *std::exchange(joiner_, nullptr);
      op.stop = nullptr;
      op.done(op);
    } else if (!body_) {
      end_.done(end_);
    }
  }

  void give_place(spawn_op& op) noexcept {
    try {
      launch(std::move(op.child));
    } catch (const std::bad_alloc&) {
      op.error = std::make_error_code(std::errc::not_enough_memory);
    } catch (const error& e) {
      op.error = e.code();
    }
  }

  void drop(spawn_op& op) noexcept {
    auto** link = &waiting_;
    while (*link != &op) link = &(*link)->following;
    *link = op.following;
    abandon(op);
  }

  begun begin_join(join_op& op) noexcept {
    if (running_ == 0) return begun::completed;
    if (joiner_) return refuse(op, std::errc::operation_in_progress);
    joiner_ = &op;
    op.server = this;
    op.stop = [](operation& o) noexcept {
      auto& scope = *static_cast<scope_core*>(o.server);
      if (scope.ending_ || !scope.parent_.executor()) return;   // all end now, and then it does
      scope.joiner_ = nullptr;
      scope.abandon(o);
    };
    return begun::pending;
  }

  void abandon(operation& op) noexcept {
    op.error = std::make_error_code(std::errc::operation_canceled);
    post_done(*parent_.executor(), op);
  }

  task_promise_base& parent_;
  operation& end_;
  std::size_t places_;
  std::size_t running_ = 0;
  spawned* first_ = nullptr;
  spawn_op* waiting_ = nullptr;         // the first of them
  join_op* joiner_ = nullptr;
  operation* body_ = nullptr;           // null before and after it runs
  std::exception_ptr failure_;
  bool stopping_ = false;               // no task starts any more
  bool dismissed_ = false;              // by stop()
  bool ending_ = false;                 // after a failure, or from above
};

}}  // namespace csgi::v1
