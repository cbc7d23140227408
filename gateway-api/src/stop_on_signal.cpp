#include <csgi/stop_on_signal.hpp>
#include <atomic>
#include <cerrno>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace csgi { inline namespace v1 {

namespace {

std::atomic<server*> current{nullptr};
std::atomic<int> running{0};  // handlers that may be about to call stop(), on any thread
std::atomic<int> asked{0};    // how often the present server was
static_assert(std::atomic<server*>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

/// In a signal handler, so without any of the process's own ends.
[[noreturn]] void end_process(int signal) {
  constexpr std::string_view why = "ended by a third signal: blocking code of the app did not return\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, why.data(), why.size());
  ::_exit(128 + signal);
}

void stop_current(int signal) {
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
  asked.store(0);
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
  asked.store(0);
  while (running.load() > 0) std::this_thread::yield();  // a handler may hold the server on another thread
}

}}  // namespace csgi::v1
