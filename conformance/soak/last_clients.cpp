// last_clients.cpp - clients that are there when the server stops, each in the middle of something.
#include "kinds.hpp"

namespace csgi::soak {

using conformance::wire;

namespace {

void begin(visitor& v, const std::string& bytes) {
  wire& connection = v.connect();
  connection.narrow();
  v.send(connection, bytes);
}

std::string asking_for(const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

}  // namespace

void begin_and_stay(visitor& v) {
  const soaked_app& app = v.at.app;
  v.connect();
  v.ask(v.connect(), v.at.known.pulse());
  begin(v, asking_for(app.short_targets.front()).substr(0, 20));
  const std::string& posted = app.echo.empty() ? app.short_targets.front() : app.echo;
  begin(v, "POST " + posted + " HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nbody");
  for (const auto& target : {app.large, app.counter, app.events})
    if (!target.empty()) begin(v, asking_for(target));
  if (app.talks != talk::none) open_websocket(v);
}

}  // namespace csgi::soak
