// What is told about a server over HTTP.
#include <csgi/status/status_app.hpp>
#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using status::status_app;
using status::traffic;

namespace {

class silent final : public server_observer {
  void log(log_level, std::string_view) noexcept override {}
};

class idle_server final : public server {
 public:
  void run(application) override {}
  void stop() noexcept override { now.draining = true; }
  std::uint16_t port() const noexcept override { return 0; }
  server_load load() const noexcept override { return now; }

  server_load now;
};

}  // namespace

TEST_SUITE("status app") {
TEST_CASE("health is told while the server starts, serves and ends") {
  silent behind;
  status::counts counted;
  traffic seen(behind, counted);
  idle_server server;
  const status::watched_server watched(server, seen, "mine");
  status_app app(watched);
  testing::client c(app);
  CHECK(c.get("/health").status == 503);
  CHECK(c.get("/health").body == "starting\n");
  seen.ready({});
  CHECK(c.get("/health").status == 200);
  CHECK(c.get("/health").body == "ok\n");
  server.stop();
  CHECK(c.get("/health").status == 503);
  CHECK(c.get("/health").body == "draining\n");
}

TEST_CASE("metrics are told in the form that Prometheus takes") {
  silent behind;
  status::counts counted;
  traffic seen(behind, counted);
  idle_server server;
  server.now.connections = 12;
  const status::watched_server watched(server, seen, "mine");
  status_app app(watched);
  testing::client c(app);
  const auto r = c.get("/metrics");
  CHECK(r.status == 200);
  CHECK(r.field("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(r.body.find("csgi_connections_open 12\n") != std::string::npos);
  CHECK(c.head("/metrics").body.empty());
}

TEST_CASE("nothing else is there") {
  silent behind;
  status::counts counted;
  traffic seen(behind, counted);
  idle_server server;
  const status::watched_server watched(server, seen, "mine");
  status_app app(watched);
  testing::client c(app);
  CHECK(c.get("/").status == 404);
  CHECK(c.post("/health").status == 405);
  CHECK(c.post("/health").field("allow") == "GET, HEAD");
}
}
