// test_loop.cpp - see csgi/testing/test_loop.hpp.
#include <algorithm>
#include <csgi/testing/test_loop.hpp>

namespace csgi::testing {

bool test_loop::turn() {
  std::unique_lock lock(mutex_);
  if (!first_ && !changed_) {
    const auto woken = [this] { return first_ || changed_; };
    if (timers_.empty()) {
      if (outside_ > 0) wake_.wait(lock, woken);
      else if (!wake_.wait_for(lock, patience_, woken)) return false;
    } else if (how_ == time_flow::real) {
      wake_.wait_until(lock, timers_.front().at, woken);
    } else if (outside_ > 0) {
      wake_.wait(lock, woken);
    } else {
      skipped_ += std::max(timers_.front().at - now(), clock::duration::zero());
    }
  }
  changed_ = false;
  if (first_) {
    work& next = *first_;
    first_ = next.next;
    if (!first_) last_ = nullptr;
    lock.unlock();
    next.run(next);
    lock.lock();
  }
  if (!timers_.empty() && timers_.front().at <= now()) {
    timer_op& due = *timers_.front().op;
    timers_.erase(timers_.begin());
    due.stop = nullptr;
    lock.unlock();
    due.done(due);
  }
  return true;
}

bool test_loop::idle() {
  const std::lock_guard lock(mutex_);
  return !first_ && outside_ == 0;
}

void test_loop::post(work& w) noexcept {
  const std::lock_guard lock(mutex_);
  enqueue(w);
}

begun test_loop::begin_wait(timer_op& t) noexcept {
  t.error = {};
  t.server = this;
  t.stop = [](operation& op) noexcept {
    auto& self = *static_cast<test_loop*>(op.server);
    const std::lock_guard lock(self.mutex_);
    self.remove_timer(static_cast<timer_op&>(op));
    op.error = std::make_error_code(std::errc::operation_canceled);
    op.run = [](work& w) noexcept {
      auto& over = static_cast<operation&>(w);
      over.done(over);
    };
    self.enqueue(op);
  };
  const std::lock_guard lock(mutex_);
  add_timer(t);
  return begun::pending;
}

void test_loop::begin_outside() noexcept {
  const std::lock_guard lock(mutex_);
  ++outside_;
}

void test_loop::end_outside() noexcept {
  const std::lock_guard lock(mutex_);
  end_outside_locked();
}

void test_loop::post_from_outside(work& w) noexcept {
  const std::lock_guard lock(mutex_);
  enqueue(w);
  end_outside_locked();
}

void test_loop::end_outside_locked() noexcept {
  --outside_;
  note_change();
}

void test_loop::enqueue(work& w) noexcept {
  w.next = nullptr;
  (last_ ? last_->next : first_) = &w;
  last_ = &w;
  wake_.notify_one();
}

void test_loop::note_change() noexcept {
  changed_ = true;
  wake_.notify_one();
}

void test_loop::sleep(std::unique_lock<std::mutex>& lock, sleeper& s) noexcept {
  s.asleep = true;
  --outside_;
  note_change();
  s.wake.wait(lock, [&] { return !s.asleep; });
}

void test_loop::rouse(sleeper& s) noexcept {
  if (!s.asleep) return;
  s.asleep = false;
  ++outside_;
  s.wake.notify_one();
}

/// A time is taken for so long from now on, whatever was skipped before.
void test_loop::add_timer(timer_op& t) noexcept {
  waits_.push_back(t.at - clock::now());
  const auto at = t.at > clock::time_point::max() - skipped_ ? clock::time_point::max() : t.at + skipped_;
  const timer one{at, &t};
  timers_.insert(std::ranges::upper_bound(timers_, one.at, {}, &timer::at), one);
}

bool test_loop::remove_timer(timer_op& t) noexcept {
  return 0 < std::erase_if(timers_, [&](const timer& one) { return one.op == &t; });
}

}  // namespace csgi::testing
