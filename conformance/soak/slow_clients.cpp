// slow_clients.cpp - clients that keep the server waiting until it has had enough.
#include "kinds.hpp"
#include <thread>

namespace csgi::soak {

using namespace std::chrono_literals;
using conformance::reply, conformance::wire;

namespace {

constexpr auto gap = 40ms;
constexpr std::size_t more_than_is_read = 60'000'000;
constexpr std::size_t more_than_is_held = 8'000'000;      // on the way to a client that takes nothing: the system's buffers are the most

std::string endless_head(visitor& v) {
  return "GET " + v.at.app.short_targets.front() + " HTTP/1.1\r\nHost: a\r\nX-Slow: " + v.chance.letters(2'000);
}

void send_head_slowly(visitor& v) {
  wire& connection = v.connect();
  v.count.asked();
  connection.trickle(endless_head(v), gap);
  v.demand_refusal(connection, {408});
}

void stop_in_head(visitor& v) {
  wire& connection = v.connect();
  v.send(connection, endless_head(v).substr(0, v.chance.from(1, 60)));
  v.demand_refusal(connection, {408});
}

/// An app that wants none of it answers at once.
void stop_in_body(visitor& v) {
  wire& connection = v.connect();
  const std::string& target = v.at.app.echo.empty() ? v.at.app.short_targets.front() : v.at.app.echo;
  const std::string part = v.chance.letters(v.chance.from(0, 99));
  v.send(connection, "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + part);
  connection.ended();
  v.count.refused_as_expected();
}

void say_nothing(visitor& v) {
  wire& connection = v.connect();
  if (v.chance.one_in(2)) v.ask(connection, v.at.known.pulse());
  connection.end();
  v.count.refused_as_expected();
}

std::size_t number_of_responses(std::string_view bytes) {
  std::size_t number = 0;
  for (auto at = bytes.find("HTTP/1.1 "); at != bytes.npos; at = bytes.find("HTTP/1.1 ", at + 1)) ++number;
  return number;
}

/// Asks for much, and looks away for longer than the server waits for anybody to take some. Answers that fit into the buffers
/// between them are no objection: where the app was late, that was all there was to read.
void take_nothing(visitor& v, const std::string& target) {
  const std::string request = "GET " + target + " HTTP/1.1\r\nHost: a\r\nX-Padding: " + std::string(200, 'a') + "\r\n\r\n";
  wire& connection = v.connect();
  connection.narrow();
  const auto asked = connection.flood(request, more_than_is_read) / request.size();
  v.count.asked();
  std::this_thread::sleep_for(3 * write_deadline);
  const std::string taken = connection.rest();
  if (number_of_responses(taken) >= asked && taken.size() > more_than_is_held) object("a client that takes nothing is served to the end");
  v.count.refused_as_expected();
}

void take_little(visitor& v) {
  wire& connection = v.connect();
  connection.narrow();
  connection.slow_down();
  v.send(connection, "GET " + v.at.app.large + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const reply got = v.receive_sound(connection, "GET");
  if (got.status != 200 || got.body.size() < 500'000)
    object("the large answer has " + std::to_string(got.body.size()) + " bytes");
  connection.end();
}

}  // namespace

void send_slowly(visitor& v) {
  v.count.injected();
  switch (v.chance.from(0, 3)) {
    case 0: return send_head_slowly(v);
    case 1: return stop_in_head(v);
    case 2: return stop_in_body(v);
    default: return say_nothing(v);
  }
}

void read_slowly(visitor& v) {
  v.count.injected();
  if (v.at.app.large.empty()) return take_nothing(v, v.at.app.short_targets.front());
  switch (v.chance.from(0, 3)) {
    case 0: return take_nothing(v, v.at.app.short_targets.front());
    case 1: return take_nothing(v, v.at.app.large);
    default: return take_little(v);
  }
}

}  // namespace csgi::soak
