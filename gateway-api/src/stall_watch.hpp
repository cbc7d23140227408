// stall_watch.hpp - how long a coroutine kept its thread from going on, without computing.
#pragma once
#include <algorithm>
#include <csgi/operation.hpp>
#include <ctime>
#include <sys/resource.h>

namespace csgi { inline namespace v1 {

/// Tells for how long the thread has slept of its own will since this was made. Being preempted does not count.
class stall_watch {
 public:
  stall_watch() noexcept = default;
  stall_watch(const stall_watch&) = delete;
  stall_watch& operator=(const stall_watch&) = delete;

  clock::duration asleep() const noexcept {
    if (sleeps() == slept_) return {};
    return clock::now() - began_ - (computed() - computed_);
  }

 private:
  static clock::duration computed() noexcept {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
  }
  static long sleeps() noexcept {
    rusage used{};
    ::getrusage(RUSAGE_THREAD, &used);
    return used.ru_nvcsw;
  }

  const clock::time_point began_ = clock::now();
  const clock::duration computed_ = computed();
  const long slept_ = sleeps();
};

/// Notes it in `longest`, when it ends.
class stall_note {
 public:
  explicit stall_note(clock::duration& longest) noexcept : longest_(longest) {}
  stall_note(const stall_note&) = delete;
  stall_note& operator=(const stall_note&) = delete;
  ~stall_note() { longest_ = std::max(longest_, watch_.asleep()); }

 private:
  clock::duration& longest_;
  const stall_watch watch_;
};

}}  // namespace csgi::v1
