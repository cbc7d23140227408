// timer_queue.cpp - see csgi/timer_queue.hpp.
#include <csgi/timer_queue.hpp>

namespace csgi { inline namespace v1 {

begun timer_queue::begin_wait(timer_op& timer) noexcept {
  timer.error = {};
  try {
    heap_.push_back(&timer);
  } catch (const std::bad_alloc&) {
    timer.error = std::make_error_code(std::errc::not_enough_memory);
    return begun::completed;
  }
  timer.server = this;
  timer.stop = [](operation& op) noexcept {
    static_cast<timer_queue*>(op.server)->cancel(static_cast<timer_op&>(op));
  };
  rise(timer, heap_.size() - 1);
  return begun::pending;
}

void timer_queue::expire(clock::time_point now) noexcept {
  work* first = nullptr;
  for (work** end = &first; !heap_.empty() && heap_.front()->at <= now;) {
    timer_op& due = *heap_.front();
    remove(due);
    due.stop = nullptr;
    due.next = nullptr;
    *end = &due;
    end = &due.next;
  }
  while (first) {
    auto& due = static_cast<timer_op&>(*first);
    first = due.next;   // done() may end its life
    due.done(due);
  }
}

void timer_queue::cancel(timer_op& timer) noexcept {
  remove(timer);
  timer.error = std::make_error_code(std::errc::operation_canceled);
  post_done(owner_, timer);
}

void timer_queue::cancel_all() noexcept {
  while (!heap_.empty()) cancel(*heap_.back());
}

void timer_queue::remove(timer_op& timer) noexcept {
  const std::size_t hole = timer.position;
  timer_op& last = *heap_.back();
  heap_.pop_back();
  if (&last == &timer) return;
  place(last, hole);
  rise(last, hole);
  sink(last, last.position);
}

void timer_queue::place(timer_op& timer, std::size_t position) noexcept {
  heap_[position] = &timer;
  timer.position = position;
}

void timer_queue::rise(timer_op& timer, std::size_t position) noexcept {
  for (; position > 0; position = (position - 1) / 2) {
    timer_op& parent = *heap_[(position - 1) / 2];
    if (parent.at <= timer.at) break;
    place(parent, position);
  }
  place(timer, position);
}

void timer_queue::sink(timer_op& timer, std::size_t position) noexcept {
  for (;;) {
    std::size_t child = 2 * position + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1]->at < heap_[child]->at) ++child;
    if (timer.at <= heap_[child]->at) break;
    place(*heap_[child], position);
    position = child;
  }
  place(timer, position);
}

}}  // namespace csgi::v1
