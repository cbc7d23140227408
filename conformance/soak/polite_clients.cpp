// polite_clients.cpp - clients that do nothing wrong, and know what they have to get.
#include "kinds.hpp"
#include "request_bytes.hpp"

namespace csgi::soak {

using conformance::wire;
using clock_type = std::chrono::steady_clock;

void visit_politely(visitor& v) {
  wire* kept = nullptr;
  for (auto left = v.chance.from(1, 20); left > 0; --left) {
    wire& connection = kept != nullptr ? *kept : v.connect();
    kept = v.ask(connection, v.chance.one_of(v.at.known.whole())) ? &connection : nullptr;
  }
}

void feel_the_pulse(visitor& v) {
  const known_answer& pulse = v.at.known.pulse();
  wire& connection = v.connect();
  for (int left = 20; left > 0; --left) {
    const auto began = clock_type::now();
    const bool kept = v.ask(connection, pulse);
    v.count.took(std::chrono::duration_cast<std::chrono::microseconds>(clock_type::now() - began));
    if (!kept) return;
  }
}

/// What cannot be read comes last, now and then: what is before it is answered all the same.
void pipeline(visitor& v) {
  const auto& all = v.at.known.kept();
  std::vector<const known_answer*> sent;
  std::string bytes;
  for (auto left = v.chance.from(2, 30); left > 0; --left) {
    sent.push_back(&v.chance.one_of(all));
    bytes += conformance::bytes_of(sent.back()->request, false);
  }
  const bool ends_badly = v.chance.one_in(3);
  if (ends_badly) bytes += "GET / HTTP/1.1\r\nHost : a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
  v.count.asked(sent.size() - 1);
  wire& connection = v.connect();
  v.send_somehow(connection, bytes);
  for (const auto* each : sent) v.receive(connection, *each);
  if (!ends_badly) return;
  v.count.injected();
  v.demand_refusal(connection, {400});
}

void close_half(visitor& v) {
  const known_answer& known = v.chance.one_of(v.at.known.whole());
  const std::string bytes = conformance::bytes_of(known.request, false);
  wire& connection = v.connect();
  v.count.injected();
  if (v.chance.one_in(2)) {
    v.send(connection, bytes);
    connection.half_close();
    v.receive(connection, known);
    return connection.end();
  }
  v.send(connection, bytes.substr(0, v.chance.from(0, bytes.find("\r\n\r\n"))));
  connection.half_close();
  connection.ended();
  v.count.refused_as_expected();
}

}  // namespace csgi::soak
