#include <csgi/testing/client.hpp>
#include <doctest/doctest.h>
#include <ticker/ticker.hpp>

using namespace std::chrono_literals;
using csgi::testing::client;

namespace {

csgi::testing::client_options skipping() { return {.time = csgi::testing::time_flow::skipped}; }

/// Reads until `count` ids have come; gives all of it.
std::string read_ids(csgi::testing::conversation& from, std::size_t count) {
  std::string all;
  const auto ids = [&] {
    std::size_t n = 0;
    for (auto at = all.find("\nid: "); at != std::string::npos; at = all.find("\nid: ", at + 1)) ++n;
    return n;
  };
  while (ids() < count) all += from.read();
  return all;
}

/// That of the n-th event, counted from 1.
std::string id_in(const std::string& stream, int n) {
  std::size_t at = 0;
  for (; n > 0; --n) at = stream.find("\nid: ", at) + 5;
  return stream.substr(at, stream.find('\n', at) - at);
}

std::uint64_t number_in(const std::string& id) { return std::stoull(id.substr(id.find('-') + 1)); }

ticking::settings hourly() { return {.every = 3'600'000ms, .heartbeat = 0ms, .retry = 2500ms, .history = 5}; }

}  // namespace

TEST_SUITE("ticker") {
TEST_CASE("a listener is told when to come back, and then every tick, one after the other") {
  ticker app(hourly());
  client c(app, skipping());
  auto live = c.begin("GET", "/events");
  CHECK(live.head().field("content-type") == "text/event-stream");
  const auto stream = read_ids(live, 4);
  CHECK(stream.starts_with("retry: 2500\n\n"));
  for (int n = 1; n < 4; ++n) CHECK(number_in(id_in(stream, n + 1)) == number_in(id_in(stream, n)) + 1);
  CHECK(stream.find("event: tick\ndata: {\"price\":\"") != std::string::npos);
  CHECK(stream.find("\"listeners\":1}") != std::string::npos);
}

TEST_CASE("who comes back goes on where the stream was broken off") {
  ticker app(hourly());
  client c(app, skipping());
  std::string seen;
  {
    auto first = c.begin("GET", "/events");
    seen = id_in(read_ids(first, 3), 3);
    auto other = c.begin("GET", "/events");
    read_ids(other, 5);
  }
  auto again = c.begin("GET", "/events", {.fields = {{"last-event-id", seen}}});
  const auto stream = read_ids(again, 2);
  CHECK(number_in(id_in(stream, 1)) == number_in(seen) + 1);
  CHECK(stream.find("missed") == std::string::npos);
}

TEST_CASE("who comes back too late learns how much was missed") {
  ticker app(hourly());
  client c(app, skipping());
  auto first = c.begin("GET", "/events");
  const auto seen = id_in(read_ids(first, 1), 1);
  const auto last = id_in(read_ids(first, 9), 9);
  auto again = c.begin("GET", "/events", {.fields = {{"last-event-id", seen}}});
  const auto stream = read_ids(again, 1);
  const auto missed = number_in(id_in(stream, 1)) - number_in(seen) - 1;
  CHECK(missed >= number_in(last) - number_in(seen) - 5);
  CHECK(stream.find("event: missed\ndata: " + std::to_string(missed) + "\n\n") != std::string::npos);
}

TEST_CASE("an id of another run is not taken for one of this") {
  ticker app(hourly());
  client c(app, skipping());
  auto first = c.begin("GET", "/events");
  const auto stream = read_ids(first, 1);
  auto other = c.begin("GET", "/events", {.fields = {{"last-event-id", "1-1000000"}}});
  CHECK(id_in(read_ids(other, 1), 1) == id_in(stream, 1));
}

TEST_CASE("heartbeats come between rare ticks") {
  auto often = hourly();
  often.heartbeat = 60'000ms;
  ticker app(often);
  client c(app, skipping());
  auto live = c.begin("GET", "/events");
  CHECK(read_ids(live, 1).find("\n\n:\n\n:\n\n") != std::string::npos);
}

TEST_CASE("listeners are counted, and leave when they disconnect") {
  ticker app(hourly());
  client c(app, skipping());
  auto stays = c.begin("GET", "/events");
  read_ids(stays, 1);
  auto goes = c.begin("GET", "/events");
  read_ids(goes, 2);
  CHECK(read_ids(stays, 2).find("\"listeners\":2}") != std::string::npos);
  goes.disconnect();
  CHECK(goes.outcome().aborted == std::errc::connection_reset);
  read_ids(stays, 1);
  CHECK(read_ids(stays, 1).find("\"listeners\":1}") != std::string::npos);
}

TEST_CASE("a server that drains has every stream end with a farewell, and the ticks too") {
  ticker app(hourly());
  client c(app, skipping());
  {
    auto live = c.begin("GET", "/events");
    read_ids(live, 1);
    c.drain();
    CHECK(live.finish().body.ends_with("event: farewell\ndata: The server is going away.\n\n"));
  }
  c.wait_for_background();
  CHECK(c.get("/").status == 200);
}

TEST_CASE("there is a page, and nothing else") {
  ticker app(hourly());
  client c(app, skipping());
  const auto page = c.get("/");
  CHECK(page.field("content-type") == "text/html; charset=utf-8");
  for (const std::string name : {"ticker.js", "ticker.css"}) {
    CHECK(page.body.find('"' + name + '"') != std::string::npos);
    CHECK(c.get('/' + name).status == 200);
  }
  CHECK(c.head("/events").field("content-type") == "text/event-stream");
  CHECK(c.get("/elsewhere").status == 404);
  CHECK(c.post("/events").field("allow") == "GET, HEAD");
}

TEST_CASE("arguments are understood, and refused where they are wrong") {
  const auto parsed = [](std::vector<std::string_view> given) { return ticking::settings::parse(given); };
  const auto s = parsed({"--every", "10", "--heartbeat=20", "--retry", "30", "--history=40"});
  CHECK(s.every == 10ms);
  CHECK(s.heartbeat == 20ms);
  CHECK(s.retry == 30ms);
  CHECK(s.history == 40);
  for (const auto* wrong : {"--every=0", "--history=0", "--every=soon", "--other=1"})
    CHECK_THROWS_AS(parsed({wrong}), std::invalid_argument);
}
}
