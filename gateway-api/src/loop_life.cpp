// loop_life.cpp - see csgi/loop_life.hpp.
#include <csgi/lane.hpp>
#include <csgi/loop_life.hpp>
#include "stoppable.hpp"

namespace csgi { inline namespace v1 {

namespace {

/// A task to be awaited that runs on an executor of its own name: awaited as it is, it would take over its parent's.
class settled {
 public:
  settled(task<> coroutine, executor& home) noexcept : coroutine_(std::move(coroutine)) { coroutine_.settle(home); }

  begun start(operation& waiter, task_promise_base&) noexcept { return coroutine_.start(waiter); }
  void stop() noexcept { coroutine_.stop(); }
  bool failed() const noexcept { return coroutine_.failed(); }
  void result() { coroutine_.result(); }

  awaiter<settled> operator co_await() && noexcept { return awaiter<settled>(*this); }

 private:
  task<> coroutine_;
};

}  // namespace

loop_life::loop_life(std::span<const application> parts, loop_context& here, const std::atomic<int>& stops) noexcept
    : parts_(parts), loop_(here), stops_(stops), home_(here) {}

void* loop_life::laned::find(const extension_id& wanted) noexcept {
  if (void* const found = loop_.executor().find(wanted)) return found;
  return loop_.find(wanted);
}

task<> loop_life::start() {
  std::exception_ptr failure;
  try {
    co_await start_parts();
  } catch (const std::system_error& ended) {
    if (!stopping() || ended.code() != std::errc::operation_canceled) failure = std::current_exception();
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) co_return;
  try {
    co_await finish();
  } catch (...) {
    report(std::current_exception());
  }
  std::rethrow_exception(failure);
}

task<> loop_life::start_parts() {
  for (; started_ < parts_.size() && !stopping(); ++started_) {
    if (parts_[started_].kind() != app_kind::async) continue;
    stoppable with_stop(parts_[started_].async().loop_startup(loop_), stops_);
    co_await stoppable::run(with_stop, home_);
  }
}

task<> loop_life::finish() {
  std::exception_ptr first;
  while (started_ > 0) {
    const application part = parts_[--started_];
    if (part.kind() != app_kind::async) continue;
    try {
      settled shutdown(part.async().loop_shutdown(loop_), home_);
      co_await std::move(shutdown);
    } catch (...) {
      if (first) report(std::current_exception());
      else first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

void loop_life::report(const std::exception_ptr& failure) noexcept {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    loop_.log(log_level::error, std::string("a loop's shutdown failed too: ") + e.what());
  } catch (...) {
    loop_.log(log_level::error, "a loop's shutdown failed too");
  }
}

}}  // namespace csgi::v1
