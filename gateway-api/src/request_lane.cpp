// request_lane.cpp - see csgi/request_lane.hpp.
#include <csgi/request_lane.hpp>

namespace csgi { inline namespace v1 {

namespace {

begun refuse(blocking_call& op, std::errc why) noexcept {
  op.error = std::make_error_code(why);
  return begun::completed;
}

}  // namespace

request_lane::request_lane(executor& home, thread_lender& threads, clock::duration patience, clock::duration for_thread,
                           log_sink* operator_log) noexcept
    : home_(home), threads_(threads), patience_(patience), for_thread_(for_thread), log_(operator_log) {
  loan_.run = [](work& w) noexcept {
    const auto self = std::move(static_cast<loan&>(w).of);
    self->serve();
  };
}

void request_lane::end() noexcept {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  wake_.notify_one();
}

// --- on the executor ----------------------------------------------------------------------------------------------

begun request_lane::begin_call(blocking_call& op) noexcept {
  const std::lock_guard lock(mutex_);
  if (!borrowed_ && !borrow()) return refuse(op, std::errc::resource_unavailable_try_again);
  pend(op);
  queue(op);
  if (in_flight_ > 1 || awaits_thread_) {
    op.queued_at = clock::now();
    watch(op.queued_at + (awaits_thread_ ? for_thread_ : patience_));
  }
  return begun::pending;
}

/// False: too many wait for a thread.
bool request_lane::borrow() noexcept {
  loan_.of = shared_from_this();
  borrowed_ = threads_.lend(loan_, thread_lender::patience::now);
  if (borrowed_) return true;
  borrowed_ = threads_.lend(loan_, thread_lender::patience::queue);
  awaits_thread_ = borrowed_ && for_thread_ > clock::duration::zero();
  if (!borrowed_) loan_.of.reset();
  return borrowed_;
}

begun request_lane::begin_pooled_call(blocking_call& op) noexcept {
  const std::lock_guard lock(mutex_);
  pend(op);
  op.run = [](work& w) noexcept {
    auto& call = static_cast<blocking_call&>(w);
    if (std::atomic_ref(call.stopped).load(std::memory_order_relaxed)) call.error = std::make_error_code(std::errc::operation_canceled);
    else call.call(call);
    static_cast<request_lane*>(call.server)->complete(call);
  };
  if (threads_.lend(op, thread_lender::patience::now)) return begun::pending;
  // Whoever waits on the lane may be what keeps the pool from getting free: then it does this too.
  if (helping_ > 0) return queue(op), begun::pending;
  if (threads_.lend(op, thread_lender::patience::queue)) return watch_pooled(op), begun::pending;
  op.stop = nullptr;
  --in_flight_;
  return refuse(op, std::errc::resource_unavailable_try_again);
}

void request_lane::pend(blocking_call& op) noexcept {
  op.error = {};
  op.stopped = false;
  op.forward_stop = nullptr;
  op.queued_at = clock::time_point::max();
  op.server = this;
  op.stop = [](operation& o) noexcept { static_cast<request_lane*>(o.server)->cancel(static_cast<blocking_call&>(o)); };
  ++in_flight_;
}

void request_lane::queue(blocking_call& op) noexcept {
  op.next = nullptr;
  (last_ ? last_->next : first_) = &op;
  last_ = &op;
  wake_.notify_one();
}

/// One that has not begun never will; one that runs is told, and waited for.
void request_lane::cancel(blocking_call& op) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (unqueue(op) || threads_.take_back(op)) {
      op.error = std::make_error_code(std::errc::operation_canceled);
      return complete(op);
    }
    std::atomic_ref(op.stopped).store(true, std::memory_order_relaxed);
  }
  if (op.forward_stop) op.forward_stop(op);
}

bool request_lane::unqueue(blocking_call& op) noexcept {
  work* before = nullptr;
  for (work* w = first_; w; before = w, w = w->next) {
    if (w != &op) continue;
    (before ? before->next : first_) = op.next;
    if (last_ == &op) last_ = before;
    return true;
  }
  return false;
}

void request_lane::ended(blocking_call& op) noexcept {
  op.stop = nullptr;
  std::erase(pooled_, &op);
  if (--in_flight_ > 0 || !watches_) return op.done(op);
  last_ended_ = &op;
  csgi::cancel(watch_);
}

// --- calls that wait, for a thread or for each other --------------------------------------------------------------

void request_lane::watch(clock::time_point until) noexcept {
  if (watches_ && until < watch_.at) csgi::cancel(watch_);    // then it is begun anew, with what is next
  if (watches_) return;
  watch_.at = until;
  watch_.owner = this;
  watch_.done = [](operation& o) noexcept { static_cast<request_lane*>(o.owner)->watched(); };
  watches_ = home_.begin_wait(watch_) == begun::pending;      // out of memory: then nobody watches
}

void request_lane::watched() noexcept {
  watches_ = false;
  auto* const last = std::exchange(last_ended_, nullptr);
  if (!last || in_flight_ > 0) refuse_overdue();      // others may have begun meanwhile
  if (last) last->done(*last);
}

/// Where there is no memory, nobody watches it.
void request_lane::watch_pooled(blocking_call& op) noexcept {
  if (for_thread_ == clock::duration::zero()) return;
  try {
    pooled_.push_back(&op);
  } catch (const std::bad_alloc&) {
    return;
  }
  op.queued_at = clock::now();
  watch(op.queued_at + for_thread_);
}

void request_lane::refuse_overdue() noexcept {
  const auto now = clock::now();
  const auto next = std::min(refuse_overdue_calls(now), refuse_overdue_pooled(now));
  if (next != clock::time_point::max()) watch(next);
}

/// Gives when the next one is due.
clock::time_point request_lane::refuse_overdue_pooled(clock::time_point now) noexcept {
  auto next = clock::time_point::max();
  for (auto* const op : pooled_) {
    if (op->queued_at == clock::time_point::max()) continue;
    if (const auto until = op->queued_at + for_thread_; until > now) {
      next = std::min(next, until);
      continue;
    }
    op->queued_at = clock::time_point::max();
    if (!threads_.take_back(*op)) continue;   // it has its thread
    op->error = std::make_error_code(std::errc::resource_unavailable_try_again);
    complete(*op);
  }
  return next;
}

/// A thread that has not begun to serve is one that the pool does not have yet: nobody waits for anybody then, but for the pool.
clock::time_point request_lane::refuse_overdue_calls(clock::time_point now) noexcept {
  auto next = clock::time_point::max();
  bool any = false;
  std::unique_lock lock(mutex_);
  const bool serves = thread_.load(std::memory_order_relaxed) != std::thread::id();
  for (work* w = first_; w;) {
    auto& op = static_cast<blocking_call&>(*w);
    w = w->next;
    if (op.queued_at == clock::time_point::max()) continue;
    const auto until = serves ? op.queued_at + patience_ : awaits_thread_ ? op.queued_at + for_thread_ : now + patience_;
    if (until <= now) {
      unqueue(op);
      op.error = std::make_error_code(serves ? std::errc::resource_deadlock_would_occur : std::errc::resource_unavailable_try_again);
      complete(op);
      any = any || serves;
    } else {
      next = std::min(next, until);
    }
  }
  lock.unlock();
  if (any && log_) log_->log(log_level::warning, "blocking code has waited too long for other blocking code of its request, and fails: that may wait for it");
  return next;
}

// --- on the lane's thread -----------------------------------------------------------------------------------------

void request_lane::serve() noexcept {
  std::unique_lock lock(mutex_);
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  awaits_thread_ = false;
  for (;;) {
    wake_.wait(lock, [this] { return first_ || ended_; });
    if (!first_) break;
    perform_next(lock);
  }
  thread_.store({}, std::memory_order_relaxed);
}

void request_lane::begin_help() noexcept {
  const std::lock_guard lock(mutex_);
  ++helping_;
}

void request_lane::help_until(const std::atomic<bool>& over) noexcept {
  std::unique_lock lock(mutex_);
  while (!over.load(std::memory_order_acquire)) {
    if (first_) perform_next(lock);
    else wake_.wait(lock, [&] { return first_ || over.load(std::memory_order_relaxed); });
  }
  --helping_;
}

void request_lane::end_help(std::atomic<bool>& over) noexcept {
  const std::lock_guard lock(mutex_);
  over.store(true, std::memory_order_release);
  wake_.notify_one();
}

void request_lane::perform_next(std::unique_lock<std::mutex>& lock) noexcept {
  auto& op = static_cast<blocking_call&>(*first_);
  first_ = op.next;
  if (!first_) last_ = nullptr;
  lock.unlock();
  perform(op);
  lock.lock();
}

void request_lane::perform(blocking_call& op) noexcept {
  blocking_call* const outer = std::exchange(current_, &op);
  op.call(op);
  current_ = outer;
  complete(op);
}

blocking_call* request_lane::current() noexcept {
  return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id() ? current_ : nullptr;
}

/// Through the executor, where cancel() is called too: until then it may still look at the operation.
void request_lane::complete(blocking_call& op) noexcept {
  op.run = [](work& w) noexcept {
    auto& over = static_cast<blocking_call&>(w);
    static_cast<request_lane*>(over.server)->ended(over);
  };
  home_.post(op);
}

}}  // namespace csgi::v1
