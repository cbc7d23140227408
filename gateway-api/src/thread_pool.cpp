// thread_pool.cpp - see csgi/thread_pool.hpp.
#include <csgi/thread_pool.hpp>

namespace csgi { inline namespace v1 {

thread_pool::~thread_pool() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    wake_.notify_all();
  }
  for (std::thread& t : threads_) t.join();
}

bool thread_pool::lend(work& w, patience how) noexcept {
  const std::lock_guard lock(mutex_);
  if (queued_ >= idle_ && !grow() && (how == patience::now || threads_.empty() || queued_ >= most_queued_ + idle_)) return false;
  w.next = nullptr;
  (last_ ? last_->next : first_) = &w;
  last_ = &w;
  ++queued_;
  wake_.notify_one();
  return true;
}

bool thread_pool::take_back(work& w) noexcept {
  const std::lock_guard lock(mutex_);
  work* before = nullptr;
  for (work* each = first_; each; before = each, each = each->next) {
    if (each != &w) continue;
    (before ? before->next : first_) = w.next;
    if (last_ == &w) last_ = before;
    --queued_;
    return true;
  }
  return false;
}

/// Makes another thread, where one may be made and can be had; it counts as idle until it has found work.
bool thread_pool::grow() noexcept {
  if (threads_.size() >= most_threads_) return false;
  try {
    threads_.reserve(threads_.size() + 1);
    threads_.emplace_back([this] { serve(); });
  } catch (const std::exception&) {
    return false;
  }
  ++idle_;
  return true;
}

void thread_pool::serve() noexcept {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return first_ || over_; });
    if (!first_) return;
    work& next = *first_;
    first_ = next.next;
    if (!first_) last_ = nullptr;
    --queued_;
    --idle_;
    lock.unlock();
    next.run(next);
    lock.lock();
    ++idle_;
  }
}

thread_pool& thread_pool::of_process() {
  constexpr std::size_t most_queued = 1024;
  // Never destroyed: a thread of it may be in blocking code that nobody waits for when the process ends.
  static auto* const pool = new thread_pool(32, most_queued);
  return *pool;
}

}}  // namespace csgi::v1
