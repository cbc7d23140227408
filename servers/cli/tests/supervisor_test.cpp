#include "supervisor.hpp"
#include <csignal>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace csgi::cli;
using namespace std::chrono_literals;

namespace {

/// Workers that say that they serve and never end, whatever they are told.
class stuck_workers : public supervisor_events {
 public:
  int work(unsigned, csgi::posix::descriptor link) override {
    static_cast<void>(::send(link.get(), "stuck", 5, MSG_NOSIGNAL));
    for (;;) ::pause();
  }
  void ready(std::string_view what) override { lines.emplace_back(what); }
  void stopping() override { lines.emplace_back("stopping"); }
  void log(csgi::log_level, std::string_view message) override { lines.emplace_back(message); }

  int count_of(std::string_view part) const {
    int count = 0;
    for (const auto& each : lines) count += each.find(part) != std::string::npos;
    return count;
  }

  std::vector<std::string> lines;
};

}  // namespace

TEST_SUITE("supervisor") {
TEST_CASE("a third signal kills workers that do not end, and is the exit code") {
  struct : stuck_workers {
    void ready(std::string_view what) override {
      stuck_workers::ready(what);
      ::raise(SIGTERM);
    }
    void stopping() override {
      ::raise(SIGINT);    // pending at the same time, signals of one number would be one
      ::raise(SIGTERM);
    }
  } events;
  const int code = supervisor({.workers = 2, .same_wish = 0ms}, events).run();
  CHECK((code == 128 + SIGINT || code == 128 + SIGTERM));
  CHECK(events.count_of(" was killed by signal 9 (Killed) after ") == 2);
  CHECK(events.count_of(", when it was to end") == 2);
}

TEST_CASE("signals that come at once are one") {
  struct : stuck_workers {
    int work(unsigned, csgi::posix::descriptor link) override {
      static_cast<void>(::send(link.get(), "obedient", 8, MSG_NOSIGNAL));
      char told = 0;
      return ::recv(link.get(), &told, 1, 0) == 1 ? 0 : 1;
    }
    void ready(std::string_view what) override {
      stuck_workers::ready(what);
      ::raise(SIGTERM);
    }
    void stopping() override {
      ::raise(SIGINT);
      ::raise(SIGTERM);
    }
  } events;
  CHECK(supervisor({.workers = 2, .same_wish = 1h}, events).run() == 0);      // a third would be the exit code
}

TEST_CASE("one that is replaced and does not end is told of, and does not keep the others from being replaced") {
  struct : stuck_workers {
    void ready(std::string_view what) override {
      stuck_workers::ready(what);
      ::raise(SIGHUP);
    }
    void log(csgi::log_level level, std::string_view message) override {
      stuck_workers::log(level, message);
      if (message == "all workers have been replaced") ::raise(SIGTERM);
    }
    void stopping() override {
      ::raise(SIGINT);
      ::raise(SIGTERM);
    }
  } events;
  const supervision how{.workers = 2, .grace = 0ms, .same_wish = 0ms, .ending = 1ms};
  CHECK(supervisor(how, events).run() >= 128);
  CHECK(events.count_of("stuck") == 1);
  CHECK(events.count_of(" serves in place of worker ") == 2);
  CHECK(events.count_of(" was to end, and still has not") == 2);
  CHECK(events.count_of(" was killed by signal 9 (Killed) after ") == 4);
}

TEST_CASE("it leaves the signal mask as it was") {
  sigset_t before, after;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
  {
    stuck_workers events;
    const supervisor never_run({.workers = 1}, events);
  }
  ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int signal : {SIGCHLD, SIGHUP, SIGINT, SIGTERM}) CHECK(sigismember(&before, signal) == sigismember(&after, signal));
}
}
