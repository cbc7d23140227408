#include <csgi/stop_on_signal.hpp>
#include <doctest/doctest.h>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

class counting_server final : public csgi::server {
 public:
  void run(csgi::application) override {}
  void stop() noexcept override { stops = stops + 1; }
  std::uint16_t port() const noexcept override { return 0; }

  volatile std::sig_atomic_t stops = 0;
};

volatile std::sig_atomic_t before = 0;

/// A later wish than that of the last signal, by the clock that is all there is to tell them apart.
void raise_anew(int signal) {
  std::this_thread::sleep_for(csgi::stop_on_signal::same_wish);
  std::raise(signal);
}

}  // namespace

TEST_SUITE("stop_on_signal") {
TEST_CASE("SIGINT and SIGTERM stop the server, each time") {
  counting_server server;
  const csgi::stop_on_signal stops(server);
  std::raise(SIGINT);
  CHECK(server.stops == 1);
  raise_anew(SIGTERM);
  CHECK(server.stops == 2);
}

TEST_CASE("signals at almost the same time are one, however many") {
  counting_server server;
  const csgi::stop_on_signal stops(server);
  for (int i = 0; i < 3; ++i) {
    std::raise(SIGINT);
    std::raise(SIGTERM);
  }
  CHECK(server.stops == 1);
  raise_anew(SIGINT);
  std::raise(SIGINT);
  CHECK(server.stops == 2);
}

TEST_CASE("signals at almost the same time are one, whichever threads take them") {
  counting_server server;
  const csgi::stop_on_signal stops(server);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([] { std::raise(SIGINT); });
  threads.clear();
  CHECK(server.stops == 1);
}

TEST_CASE("a third signal ends a process whose server does not") {
  int errors[2];
  REQUIRE(::pipe(errors) == 0);
  const auto child = ::fork();
  if (child == 0) {
    ::dup2(errors[1], STDERR_FILENO);
    counting_server server;
    const csgi::stop_on_signal stops(server);
    std::raise(SIGINT);
    raise_anew(SIGTERM);
    raise_anew(SIGINT);
    ::_exit(0);
  }
  ::close(errors[1]);
  char said[256];
  const auto size = ::read(errors[0], said, sizeof said);
  ::close(errors[0]);
  CHECK(std::string_view(said, size > 0 ? static_cast<std::size_t>(size) : 0) == "csgi: ended by a third signal: the app did not come back\n");
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 128 + SIGINT);
}

TEST_CASE("the handlers found are put back") {
  const auto original = std::signal(SIGTERM, [](int) { before = before + 1; });
  counting_server server;
  {
    const csgi::stop_on_signal stops(server);
    std::raise(SIGTERM);
  }
  CHECK(server.stops == 1);
  CHECK(before == 0);
  std::raise(SIGTERM);
  CHECK(server.stops == 1);
  CHECK(before == 1);
  std::signal(SIGTERM, original);
}

TEST_CASE("an inner scope takes over until it ends") {
  counting_server outer;
  counting_server inner;
  const csgi::stop_on_signal stops_outer(outer);
  {
    const csgi::stop_on_signal stops_inner(inner);
    std::raise(SIGINT);
  }
  CHECK(inner.stops == 1);
  CHECK(outer.stops == 0);
  std::raise(SIGINT);
  CHECK(outer.stops == 1);
}
}
