// stall_watch.hpp - how long a coroutine kept its thread from going on, without computing.
#pragma once
#include <csgi/executor.hpp>
#include <ctime>
#include <sys/resource.h>

namespace csgi::testing {

/// Notes in `longest`, when it ends, for how long the thread slept of its own will meanwhile. Being preempted does not count.
class stall_watch {
 public:
  explicit stall_watch(clock::duration& longest) noexcept : longest_(longest) {}
  stall_watch(const stall_watch&) = delete;
  stall_watch& operator=(const stall_watch&) = delete;
  ~stall_watch() {
    if (sleeps() == slept_) return;
    const auto stalled = clock::now() - began_ - (computed() - computed_);
    if (stalled > longest_) longest_ = stalled;
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

  clock::duration& longest_;
  const clock::time_point began_ = clock::now();
  const clock::duration computed_ = computed();
  const long slept_ = sleeps();
};

}  // namespace csgi::testing
