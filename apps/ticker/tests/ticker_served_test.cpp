#include "life.hpp"
#include <ticker/ticker.hpp>

using csgi::tests::life;
using csgi::tests::on_both;
using csgi::tests::wire_client;
using namespace std::chrono_literals;

namespace {

csgi::server_options two_loops() {
  csgi::server_options options;
  options.loops = 2;
  return options;
}

struct served {
  explicit served(bool evented)
      : app({.every = 2ms, .heartbeat = 15'000ms, .retry = 2000ms, .history = 100'000}), server(evented, app, two_loops()) {
    REQUIRE(server.said.lines.saw("ready"));
  }

  ticker app;
  life server;
};

std::string get_events(const std::string& fields = {}) { return "GET /events HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n"; }

/// Of the next tick.
std::string next_id(wire_client& from) {
  from.read_through("\nid: ");
  auto id = from.read_through("\n");
  id.pop_back();
  return id;
}

std::uint64_t number_in(const std::string& id) { return std::stoull(id.substr(id.find('-') + 1)); }

}  // namespace

TEST_SUITE("ticker served") {
TEST_CASE("who was cut off goes on with the next tick, on whatever loop") {
  on_both([](bool evented) {
    served s(evented);
    std::string seen;
    {
      wire_client first(s.server.port());
      first.send(get_events());
      for (int i = 0; i < 5; ++i) seen = next_id(first);
      first.reset();
    }
    for (int i = 0; i < 4; ++i) {
      wire_client again(s.server.port());
      again.send(get_events("Last-Event-ID: " + seen + "\r\n"));
      for (int n = 0; n < 5; ++n) {
        const auto id = next_id(again);
        CHECK(number_in(id) == number_in(seen) + 1);
        seen = id;
      }
    }
  });
}

TEST_CASE("the going of a listener is noticed") {
  on_both([](bool evented) {
    served s(evented);
    wire_client stays(s.server.port());
    stays.send(get_events());
    {
      wire_client goes(s.server.port());
      goes.send(get_events());
      stays.read_through("\"listeners\":2}");
    }
    stays.read_through("\"listeners\":1}");
  });
}

TEST_CASE("a server that stops ends every stream with a farewell, at once and whole") {
  on_both([](bool evented) {
    served s(evented);
    std::vector<std::unique_ptr<wire_client>> listeners;
    for (int i = 0; i < 4; ++i) {
      listeners.push_back(std::make_unique<wire_client>(s.server.port()));
      listeners.back()->send(get_events());
      next_id(*listeners.back());
    }
    const auto before = csgi::clock::now();
    s.server.stop();
    for (auto& each : listeners) CHECK(each->read_to_end().find("event: farewell") != std::string::npos);
    listeners.clear();
    s.server.join();
    CHECK(csgi::clock::now() - before < 5s);        // half of the grace time
    CHECK(s.server.threw.empty());
  });
}
}
