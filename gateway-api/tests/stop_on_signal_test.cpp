#include <csgi/stop_on_signal.hpp>
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

class counting_server final : public csgi::server {
 public:
  void run(csgi::application) override {}
  void stop() noexcept override { stops = stops + 1; }
  std::uint16_t port() const noexcept override { return 0; }

  volatile std::sig_atomic_t stops = 0;
};

volatile std::sig_atomic_t before = 0;

}  // namespace

TEST_SUITE("stop_on_signal") {
TEST_CASE("SIGINT and SIGTERM stop the server, each time") {
  counting_server server;
  const csgi::stop_on_signal stops(server);
  std::raise(SIGINT);
  CHECK(server.stops == 1);
  std::raise(SIGTERM);
  CHECK(server.stops == 2);
}

TEST_CASE("a third signal ends a process whose server does not") {
  const auto child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    counting_server server;
    const csgi::stop_on_signal stops(server);
    std::raise(SIGINT);
    std::raise(SIGTERM);
    std::raise(SIGINT);
    ::_exit(0);
  }
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
