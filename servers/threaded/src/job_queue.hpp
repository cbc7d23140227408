// job_queue.hpp - what the threads have to do, first in first out.
#pragma once
#include <cstddef>

namespace csgi::threaded {

class member;

/// Something for a thread of the crew. Intrusive: queueing it allocates nothing.
struct job {
  void (*run)(job&, member&) noexcept = nullptr;
  job* next = nullptr;
};

/// Requires: its user's lock.
class job_queue {
 public:
  void push(job& j) noexcept {
    j.next = nullptr;
    (last_ ? last_->next : first_) = &j;
    last_ = &j;
    ++size_;
  }

  job* pop() noexcept {
    job* const j = first_;
    if (!j) return nullptr;
    first_ = j->next;
    if (!first_) last_ = nullptr;
    --size_;
    return j;
  }

  std::size_t size() const noexcept { return size_; }

 private:
  job* first_ = nullptr;
  job* last_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace csgi::threaded
