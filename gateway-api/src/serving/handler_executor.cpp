// handler_executor.cpp - see csgi/serving/handler_executor.hpp.
#include <csgi/serving/handler_executor.hpp>

namespace csgi { inline namespace v1 {

void handler_executor::post(work& w) noexcept {
  const std::lock_guard lock(mutex_);
  posted_.push(w);
  has_work_ = true;
  wake_.notify_one();
}

begun handler_executor::begin_wait(timer_op& timer) noexcept {
  std::unique_lock lock(mutex_);
  for (;;) {
    has_work_ = false;
    lock.unlock();
    run_posted();
    lock.lock();
    if (cancelled_ || clock::now() >= timer.at) break;
    wake_.wait_until(lock, timer.at, [this] { return has_work_ || cancelled_; });
  }
  timer.error = cancelled_ ? std::make_error_code(std::errc::operation_canceled) : std::error_code{};
  return begun::completed;
}

void handler_executor::cancel() noexcept {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  wake_.notify_one();
}

bool handler_executor::cancelled() const noexcept {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

}}  // namespace csgi::v1
