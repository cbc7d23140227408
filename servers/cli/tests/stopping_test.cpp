// What the operator is told of a stop: the real program, a request that still runs.
#include "keeping_client.hpp"
#include "served_workers.hpp"

namespace {

const std::string fragile = CSGI_TEST_FRAGILE;
const words servers{
    "threaded", "evented", "beast",
#ifdef CSGI_HAS_HTTPLIB
    "httplib",
#endif
};

/// A server with a request that has said that it waits for the rest of its body.
struct reading {
  reading(const std::string& name, const std::string& grace, unsigned workers = 0)
      : server(serve(fragile, name, workers, {"--grace", grace})), port(ready(server).port), client(port) {
    REQUIRE(client.sends("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab"));
    line_with(server, {"POST /read: reads"});
  }

  child_process server;
  std::uint16_t port;
  keeping_client client;
};

}  // namespace

TEST_SUITE("stopping") {
TEST_CASE("a stop tells what it waits for") {
  for (const auto& name : servers) {
    CAPTURE(name);
    reading one(name, "1h");
    const keeping_client idle(one.port);
    one.server.signal(SIGTERM);
    CHECK(one.server.error_line() == "csgi: info: stopping: 1 request or WebSocket still runs, at most 3600s; a second stop ends it now");
    REQUIRE(one.client.sends("cd"));
    CHECK(one.client.body());
    CHECK(one.server.rest_of_errors().empty());
    CHECK(one.server.exit_code() == 0);
  }
}

TEST_CASE("the end of the grace time tells what it cuts off") {
  for (const auto& name : servers) {
    CAPTURE(name);
    reading one(name, "50ms");
    one.server.signal(SIGTERM);
    line_with(one.server, {"csgi: info: stopping: 1 request or WebSocket still runs, at most 50ms"});
    line_with(one.server, {"csgi: warning: the grace time is over: 1 request or WebSocket is ended"});
    CHECK(one.server.exit_code() == 0);
  }
}

TEST_CASE("a worker tells what its stop waits for, and the others nothing") {
  reading one("evented", "1h", 2);
  one.server.signal(SIGTERM);
  line_with(one.server, {"stopping: 1 request or WebSocket still runs"});
  REQUIRE(one.client.sends("cd"));
  CHECK(one.client.body());
  CHECK(one.server.rest_of_errors().find("stopping") == std::string::npos);
  CHECK(one.server.exit_code() == 0);
}

TEST_CASE("a stop says nothing where nothing runs") {
  for (const auto& name : servers) {
    CAPTURE(name);
    child_process server(serve(fragile, name, 0));
    const auto port = ready(server).port;
    const keeping_client idle(port);
    server.signal(SIGTERM);
    CHECK(server.rest_of_errors().empty());
    CHECK(server.exit_code() == 0);
  }
}
}
