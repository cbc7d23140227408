// blocking_pool.cpp - see blocking_pool.hpp.
#include "blocking_pool.hpp"
#include <memory>
#include <mutex>
#include <utility>

namespace csgi::evented {

void pool_thread::finished(http1::finished_response response) noexcept { run_hooks_on(pool_, response); }

void blocking_pool::start() {
  for (unsigned i = 0; i < threads_wanted_; ++i) members_.emplace_back(*this);
  for (pool_thread& m : members_) threads_.emplace_back([this, &m] { work(m); });
}

void blocking_pool::finish() noexcept {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  for (std::thread& t : threads_) t.join();
  threads_.clear();
}

posix::offered blocking_pool::offer(blocking_job& request, bool may_gather) noexcept {
  const std::lock_guard lock(mutex_);
  const auto now = jobs_.offer(request, most_queued_ + idle_, may_gather);
  if (now == posix::offered::taken) wake_one();
  return now;
}

void blocking_pool::demand(blocking_job& work) noexcept {
  const std::lock_guard lock(mutex_);
  jobs_.push(work);
  wake_one();
}

void blocking_pool::wake_one() noexcept {
  if (idle_ > 0) wake_.notify_one();
}

void blocking_pool::give_up_overdue(clock::time_point now) noexcept {
  posix::job_list<blocking_job> overdue;
  {
    const std::lock_guard lock(mutex_);
    overdue = jobs_.take_overdue(now);
  }
  while (blocking_job* const job = overdue.pop()) job->give_up(*job);
}

void blocking_pool::tell(server_load& to) const noexcept {
  const std::lock_guard lock(mutex_);
  to.queued = jobs_.size();
  to.threads = working_;
  to.busy_threads = working_ - idle_;
}

void blocking_pool::cancel() noexcept {
  for (pool_thread& m : members_) m.cancel();
}

void blocking_pool::work(pool_thread& me) noexcept {
  me.settle();
  std::unique_lock lock(mutex_);
  ++working_;
  for (;;) {
    if (blocking_job* const job = jobs_.pop()) {
      const bool is_upload = job->upload;       // it may be another job afterwards, or none
      lock.unlock();
      job->run(*job, me);
      lock.lock();
      if (is_upload) jobs_.upload_done();
    } else if (over_) {
      break;
    } else {
      ++idle_;
      wake_.wait(lock);
      --idle_;
    }
  }
  --working_;
}

void run_hooks_on(blocking_pool& pool, http1::finished_response response) noexcept {
  struct hooks_job final : blocking_job {
    explicit hooks_job(const http1::finished_response& r) noexcept : response(r) {
      run = [](blocking_job& job, pool_thread&) noexcept {
        const std::unique_ptr<hooks_job> self(static_cast<hooks_job*>(&job));
        self->response.run_hooks();
      };
    }
    http1::finished_response response;
  };
  if (auto* job = new (std::nothrow) hooks_job(response)) pool.demand(*job);
  else response.run_hooks();
}

}  // namespace csgi::evented
