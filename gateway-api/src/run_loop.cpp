// run_loop.cpp - see csgi/run_loop.hpp.
#include <csgi/exchange_handle.hpp>
#include <csgi/run_loop.hpp>
#include <csgi/thread_pool.hpp>

namespace csgi { inline namespace v1 {

namespace {

/// Whether a run_loop of this library runs on the thread; only to refuse another one inside it.
thread_local bool occupied = false;

void perform_unless_stopped(blocking_call& op) noexcept {
  if (std::atomic_ref(op.stopped).load(std::memory_order_relaxed)) op.error = std::make_error_code(std::errc::operation_canceled);
  else op.call(op);
}

void over(blocking_call& op) noexcept {
  op.stop = nullptr;
  op.done(op);
}

}  // namespace

run_loop::standing::standing() noexcept { occupied = true; }
run_loop::standing::~standing() { occupied = false; }

void run_loop::check(exchange* environment) const {
  const auto refuse = [](const char* why) { raise(std::make_error_code(std::errc::resource_deadlock_would_occur), why); };
  if (occupied) refuse("run() inside a coroutine of another run(): co_await the task instead");
  // The exchange of an async app has a lane, that of a blocking app has none.
  if (environment && &environment->executor() != this && environment->find(lane::id) && environment->executor().here())
    refuse("run() on the thread that runs the request's coroutines: co_await the task instead");
}

void run_loop::post(work& w) noexcept {
  w.next = nullptr;
  const std::lock_guard lock(mutex_);     // held while waking: the loop may be gone as soon as `w` can run
  (last_ ? last_->next : first_) = &w;
  last_ = &w;
  wake_.notify_one();
}

void run_loop::turn_until(const bool& over) noexcept {
  std::unique_lock lock(mutex_);
  while (!over) {
    if (first_) {
      work* ready = std::exchange(first_, nullptr);
      last_ = nullptr;
      lock.unlock();
      while (ready) {
        work& next = *ready;
        ready = next.next;
        next.run(next);
      }
      lock.lock();
    } else if (const auto next = timers_.next(); next == clock::time_point::max()) {
      wake_.wait(lock, [this] { return first_ != nullptr; });
    } else {
      wake_.wait_until(lock, next, [this] { return first_ != nullptr; });
    }
    if (over || timers_.next() == clock::time_point::max()) continue;
    lock.unlock();
    timers_.expire(clock::now());
    lock.lock();
  }
}

// --- the lane: this thread ----------------------------------------------------------------------------------------

void run_loop::pend(blocking_call& op) noexcept {
  op.error = {};
  op.stopped = false;
  op.server = this;
  op.stop = [](operation& o) noexcept { std::atomic_ref(static_cast<blocking_call&>(o).stopped).store(true, std::memory_order_relaxed); };
}

begun run_loop::begin_call(blocking_call& op) noexcept {
  pend(op);
  op.run = [](work& w) noexcept {
    auto& call = static_cast<blocking_call&>(w);
    const bool outer = std::exchange(occupied, false);    // blocking code may run() again
    perform_unless_stopped(call);
    occupied = outer;
    over(call);
  };
  post(op);
  return begun::pending;
}

begun run_loop::begin_pooled_call(blocking_call& op) noexcept {
  pend(op);
  op.run = [](work& w) noexcept {
    auto& call = static_cast<blocking_call&>(w);
    auto& home = *static_cast<run_loop*>(call.server);
    perform_unless_stopped(call);
    call.run = [](work& ended) noexcept { over(static_cast<blocking_call&>(ended)); };
    home.post(call);
  };
  if (thread_pool::of_process().lend(op, thread_lender::patience::queue)) return begun::pending;
  op.stop = nullptr;
  op.error = std::make_error_code(std::errc::resource_unavailable_try_again);
  return begun::completed;
}

}}  // namespace csgi::v1
