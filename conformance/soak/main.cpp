// The csgi_soak program: every app on every server, among clients of all kinds, and a table of what came of it.
#include "command_line.hpp"
#include "table.hpp"
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>

namespace csgi::soak {

namespace {

enum exit_code : int { fine = 0, broken = 1, not_tried = 2 };

/// Turns SIGINT and SIGTERM into a stop; what was found until then is told.
class interruption {
 public:
  interruption() {
    sigemptyset(&signals_);
    for (const int number : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&signals_, number);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    waiting_ = std::thread([this] {
      int number = 0;
      sigwait(&signals_, &number);
      stop_.request_stop();
    });
  }
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;
  ~interruption() {
    pthread_kill(waiting_.native_handle(), SIGUSR1);
    waiting_.join();
  }

  std::stop_token token() const { return stop_.get_token(); }

 private:
  sigset_t signals_{};
  std::stop_source stop_;
  std::thread waiting_;
};

/// What freed memory the address sanitizer keeps back would hide what is kept for ever.
void tell_sanitizers() {
  ::setenv("ASAN_OPTIONS",
           "quarantine_size_mb=4:thread_local_quarantine_size_kb=64:allocator_release_to_os_interval_ms=500:detect_leaks=1", 0);
  ::setenv("UBSAN_OPTIONS", "print_stacktrace=1", 0);
}

std::vector<outcome> soak_all(const command_line& asked, const std::stop_token& stop) {
  std::mutex mutex;
  std::vector<outcome> all;
  std::atomic<std::size_t> next{0};
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < asked.together; ++i)
      threads.emplace_back([&] {
        for (std::size_t mine; (mine = next++) < asked.pairs.size() && !stop.stop_requested();) {
          auto made = soak(asked.how, asked.pairs[mine], stop);
          const std::lock_guard lock(mutex);
          print_row(std::cout, made);
          print_surprises(std::cout, made);
          all.push_back(std::move(made));
        }
      });
  }
  return all;
}

int run(const command_line& asked) {
  const interruption interrupted;
  tell_sanitizers();
  for (const auto& name : asked.not_built) std::cout << name << " was not built, and is not tried\n";
  const double seconds = std::chrono::duration<double>(asked.how.time_of_each).count();
  std::cout << asked.pairs.size() << " pairs, " << seconds << " s each, " << asked.together
            << " at the same time; --seed " << asked.how.seed << '\n';
  print_heading(std::cout);
  const auto all = soak_all(asked, interrupted.token());
  const bool as_expected = print_total(std::cout, all);
  if (interrupted.token().stop_requested())
    std::cout << "interrupted: " << asked.pairs.size() - all.size() << " pairs were not tried\n";
  return as_expected ? fine : broken;
}

}  // namespace

}  // namespace csgi::soak

int main(int argc, char** argv) {
  using namespace csgi::soak;
  try {
    const auto asked = parse(argc, argv);
    if (!asked.help.empty()) {
      std::cout << asked.help;
      return fine;
    }
    return run(asked);
  } catch (const std::exception& error) {
    std::cerr << "csgi_soak: " << error.what() << '\n';
    return not_tried;
  }
}
