#include <csgi/stop_on_signal.hpp>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <limits>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace csgi { inline namespace v1 {

namespace {

std::atomic<server*> current{nullptr};
std::atomic<int> running{0};  // handlers that may be about to call stop(), on any thread
std::atomic<int> asked{0};    // how often the present server was
using nanoseconds = std::chrono::nanoseconds::rep;
constexpr nanoseconds never = std::numeric_limits<nanoseconds>::min();
std::atomic<nanoseconds> last_asked{never};     // of the monotonic clock
static_assert(std::atomic<server*>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
              std::atomic<nanoseconds>::is_always_lock_free);

/// clock_gettime() may be called in a signal handler; nobody says so of std::chrono.
nanoseconds now() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return nanoseconds{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// Whether it is more than the last one told again. Of two at the same time, on two threads, one counts.
bool counts() noexcept {
  constexpr nanoseconds same_wish = std::chrono::nanoseconds(stop_on_signal::same_wish).count();
  auto last = last_asked.load();
  const auto time = now();
  return (last == never || time - last >= same_wish) && last_asked.compare_exchange_strong(last, time);
}

/// In a signal handler, so without any of the process's own ends.
[[noreturn]] void end_process(int signal) {
  constexpr std::string_view why = "csgi: ended by a third signal: the app did not come back\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, why.data(), why.size());
  ::_exit(128 + signal);
}

void start_anew() noexcept {
  asked.store(0);
  last_asked.store(never);
}

void stop_current(int signal) {
  if (!counts()) return;
  if (asked.fetch_add(1) >= 2) end_process(signal);
  const int saved = errno;
  running.fetch_add(1);
  if (server* target = current.load()) target->stop();
  running.fetch_sub(1);
  errno = saved;
}

}  // namespace

stop_on_signal::stop_on_signal(server& target) noexcept
    : outer_(current.exchange(&target)), replaced_{{{SIGINT, {}}, {SIGTERM, {}}}} {
  start_anew();
  for (auto& [signal, before] : replaced_) {
    struct sigaction wanted {};
    wanted.sa_handler = stop_current;
    wanted.sa_flags = SA_RESTART;  // an app's own system calls go on undisturbed
    sigemptyset(&wanted.sa_mask);
    sigaction(signal, &wanted, &before);  // fails only for signals that do not exist
  }
}

stop_on_signal::~stop_on_signal() {
  for (const auto& [signal, before] : replaced_) sigaction(signal, &before, nullptr);
  current.store(outer_);
  start_anew();
  while (running.load() > 0) std::this_thread::yield();  // a handler may hold the server on another thread
}

}}  // namespace csgi::v1
