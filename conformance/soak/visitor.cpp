// visitor.cpp - see visitor.hpp.
#include "visitor.hpp"
#include "request_bytes.hpp"
#include <algorithm>

namespace csgi::soak {

using conformance::reply, conformance::wire;

namespace {

constexpr std::size_t most_pieces = 12;
constexpr std::size_t most_shown = 1'500;
constexpr int internal_server_error = 500;

std::string shortened(const std::string& transcript) {
  if (transcript.size() <= most_shown) return transcript;
  constexpr std::size_t half = most_shown / 2;
  return transcript.substr(0, half) + "\n…\n" + transcript.substr(transcript.size() - half);
}

}  // namespace

void visitor::send(wire& to, std::string_view bytes) {
  count.asked();
  to.send(bytes);
}

void visitor::send_somehow(wire& to, std::string_view bytes) {
  count.asked();
  std::size_t pieces = chance.one_in(3) ? chance.from(2, most_pieces) : 1;
  for (; pieces > 1 && bytes.size() > 1; --pieces) {
    const auto size = chance.from(1, bytes.size() - 1);
    to.send(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  to.send(bytes);
}

bool visitor::receive(wire& from, const known_answer& known) const {
  const reply seen = from.receive(known.request.method);
  const auto objection = known.objection_to(comparable(known.request, seen, at.port, from.local_port()));
  if (!objection.empty()) object(objection);
  return seen.whole && !seen.has("connection") && known.keeps;
}

bool visitor::ask(wire& connection, const known_answer& known) {
  send_somehow(connection, conformance::bytes_of(known.request, false));
  return receive(connection, known);
}

reply visitor::receive_sound(wire& from, std::string_view method) {
  reply seen = from.receive(method);
  if (!seen.whole) object("the answer, " + std::to_string(seen.status) + ", is not whole");
  if (seen.status == internal_server_error) object("the answer is 500");
  return seen;
}

void visitor::demand_refusal(wire& from, const std::vector<int>& statuses, std::string_view method) {
  const reply seen = receive_sound(from, method);
  if (std::ranges::find(statuses, seen.status) == statuses.end())
    object("the status is " + std::to_string(seen.status) + ", not " + std::to_string(statuses.front()));
  from.end();
  count.refused_as_expected();
}

std::string visitor::transcript() const {
  std::string all;
  for (const wire& each : connections_) {
    if (!all.empty()) all += "(another connection)\n";
    all += shortened(each.transcript());
  }
  return shortened(all);
}

}  // namespace csgi::soak
