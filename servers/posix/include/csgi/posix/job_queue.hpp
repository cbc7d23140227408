// csgi/posix/job_queue.hpp - what the threads of a server have to do, first in first out; uploads do not get all of them.
#pragma once
#include <algorithm>
#include <csgi/operation.hpp>
#include <cstddef>
#include <cstdint>

namespace csgi::posix {

/// What every job of a queue has. Intrusive: queueing it allocates nothing.
template <class Job>
struct queued {
  Job* next = nullptr;
  clock::time_point until = clock::time_point::max();   ///< it is given up then, if nobody has run it
  std::uint64_t turn = 0;               ///< the queue's
  bool upload = false;                  ///< it may wait for its client as long as that likes
};

/// Jobs in a row.
template <class Job>
class job_list {
 public:
  bool empty() const noexcept { return first_ == nullptr; }
  std::size_t size() const noexcept { return size_; }
  const Job* first() const noexcept { return first_; }

  void push(Job& j) noexcept {
    j.next = nullptr;
    (last_ ? last_->next : first_) = &j;
    last_ = &j;
    ++size_;
  }

  /// Null: there is none.
  Job* pop() noexcept {
    Job* const j = first_;
    if (!j) return nullptr;
    first_ = j->next;
    if (!first_) last_ = nullptr;
    --size_;
    return j;
  }

  /// Moves those whose time is over to `overdue`. What is never given up may be before them.
  void take_overdue(clock::time_point now, job_list& overdue) noexcept {
    job_list others;
    while (Job* const j = pop()) (j->until <= now ? overdue : others).push(*j);
    *this = others;
  }

 private:
  Job* first_ = nullptr;
  Job* last_ = nullptr;
  std::size_t size_ = 0;
};

/// What becomes of a request that is offered to a queue.
enum class offered : unsigned char {
  taken,
  refused,          ///< too many wait
  body_first,       ///< enough threads have uploads: it is to be offered again when its body has been gathered
};

/// Uploads, requests whose body is still on its way, run on half of the threads at most, and wait in a line of their own: their
/// clients may let them wait, and would else keep everybody's threads and places.
///
/// Requires:  its user's lock, for every member.
template <class Job>
class job_queue {
 public:
  explicit job_queue(unsigned threads) noexcept : streamed_uploads_(threads / 2), most_uploads_(std::max(1u, threads / 2)) {}

  void push(Job& j) noexcept {
    j.turn = turns_++;
    (j.upload ? uploads_ : others_).push(j);
  }

  /// Queues a request, where fewer than `most` of its sort wait.
  offered offer(Job& request, std::size_t most, bool may_gather) noexcept {
    if (request.upload && may_gather && running_uploads_ + uploads_.size() >= streamed_uploads_) return offered::body_first;
    if ((request.upload ? uploads_ : others_).size() >= most) return offered::refused;
    push(request);
    return offered::taken;
  }

  /// The first that may run now; null: there is none. When it is an upload, upload_done() is to be called after it.
  Job* pop() noexcept {
    if (!is_upload_next()) return others_.pop();
    ++running_uploads_;
    return uploads_.pop();
  }
  void upload_done() noexcept { --running_uploads_; }

  bool may_pop() const noexcept { return !others_.empty() || is_upload_next(); }

  job_list<Job> take_overdue(clock::time_point now) noexcept {
    job_list<Job> overdue;
    others_.take_overdue(now, overdue);
    uploads_.take_overdue(now, overdue);
    return overdue;
  }

  std::size_t size() const noexcept { return others_.size() + uploads_.size(); }

 private:
  bool is_upload_next() const noexcept {
    if (uploads_.empty() || running_uploads_ >= most_uploads_) return false;
    return others_.empty() || uploads_.first()->turn < others_.first()->turn;
  }

  job_list<Job> others_;
  job_list<Job> uploads_;
  std::uint64_t turns_ = 0;
  std::size_t running_uploads_ = 0;
  const std::size_t streamed_uploads_;    // with more of them, bodies are gathered first: always, where there is one thread
  const std::size_t most_uploads_;
};

}  // namespace csgi::posix
