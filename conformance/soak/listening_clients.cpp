// listening_clients.cpp - clients of streams, which hear a part of them and go.
#include "kinds.hpp"
#include <charconv>

namespace csgi::soak {

using conformance::reply, conformance::wire;

namespace {

std::vector<std::string_view> whole_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// What has come of a stream's body within some time.
std::string heard(visitor& v, const std::string& target, const std::string& fields = {}) {
  wire& connection = v.connect();
  v.send(connection, "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
  const reply got = connection.receive_within("GET", std::chrono::milliseconds(v.chance.from(50, 800)));
  if (got.status != 200) object("the stream's status is " + std::to_string(got.status));
  if (v.chance.one_in(2)) connection.reset();
  else connection.half_close();
  return got.body;
}

void listen_to_counter(visitor& v) {
  const std::string body = heard(v, v.at.app.counter);
  unsigned wanted = 1;
  for (const auto line : whole_lines(body))
    if (line != std::to_string(wanted++)) object("the stream counts " + std::string(line) + " for " + std::to_string(wanted - 1));
}

bool is_event_line(std::string_view line) {
  if (line.empty()) return true;
  for (const std::string_view name : {":", "id:", "event:", "data:", "retry:"})
    if (line.starts_with(name)) return true;
  return false;
}

void listen_to_events(visitor& v) {
  std::string last;
  for (int left = 2; left > 0; --left) {
    const std::string body = heard(v, v.at.app.events, last.empty() ? "" : "Last-Event-ID: " + last + "\r\n");
    for (const auto line : whole_lines(body)) {
      if (!is_event_line(line)) object("no line of an event stream: " + std::string(line));
      if (line.starts_with("id: ")) last = line.substr(4);
    }
  }
}

}  // namespace

void listen_to_stream(visitor& v) {
  if (!v.at.app.events.empty()) listen_to_events(v);
  else listen_to_counter(v);
}

}  // namespace csgi::soak
