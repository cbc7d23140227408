#include <csgi/stop_on_signal.hpp>
#include <doctest/doctest.h>

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
