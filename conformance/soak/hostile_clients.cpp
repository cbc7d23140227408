// hostile_clients.cpp - clients whose bytes are wrong, or end too early.
#include "kinds.hpp"
#include "refused_requests.hpp"

namespace csgi::soak {

using namespace std::chrono_literals;
using conformance::reply, conformance::wire;

namespace {

constexpr auto long_enough = 1'500ms;     // for a response that may go on
constexpr int switching_protocols = 101;

const std::vector<std::string> words{
    "\r\n", "\n", "\r\n\r\n", ":", " ", "0", "-1", "chunked", "HTTP/1.0", "%00", "/../", "Content-Length: 3\r\n",
    "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Expect: 100-continue\r\n", "Range: bytes=0-\r\n",
    "Upgrade: websocket\r\n"};

std::string changed(visitor& v, std::string bytes) {
  for (auto left = v.chance.from(1, 8); left > 0 && !bytes.empty(); --left) {
    const auto at = v.chance.from(0, bytes.size() - 1);
    switch (v.chance.from(0, 4)) {
      case 0: bytes[at] = v.chance.bytes(1)[0]; break;
      case 1: bytes.erase(at, v.chance.from(1, 8)); break;
      case 2: bytes.insert(at, v.chance.bytes(v.chance.from(1, 4))); break;
      case 3: bytes.insert(at, bytes.substr(v.chance.from(0, bytes.size() - 1), v.chance.from(1, 40))); break;
      default: bytes.insert(at, v.chance.one_of(words));
    }
  }
  return bytes;
}

/// Whatever it is: what comes back is a response, and no fault of the server's own.
void send_anything(visitor& v, const std::string& bytes) {
  wire& connection = v.connect();
  v.send_somehow(connection, bytes);
  connection.half_close();
  if (connection.closed()) return v.count.refused_as_expected();
  const reply got = connection.receive_within(bytes.starts_with("HEAD ") ? "HEAD" : "GET", long_enough);
  if (got.status < 200 && got.status != switching_protocols) object("a status of " + std::to_string(got.status));
  if (got.status == 500) object("the answer is 500");
  if (got.status >= 400) v.count.refused_as_expected();
  if (connection.unfinished() || got.status == switching_protocols) return connection.reset();
  if (got.value("connection") == "close") connection.end();
}

}  // namespace

void reset(visitor& v) {
  v.count.injected();
  const std::string& bytes = v.chance.one_of(v.at.known.bytes());
  wire& connection = v.connect();
  const bool in_request = v.chance.one_in(2);
  v.send(connection, in_request ? std::string_view(bytes).substr(0, v.chance.from(0, bytes.size())) : bytes);
  if (!in_request) connection.has_news_within(std::chrono::milliseconds(v.chance.from(0, 20)));
  connection.reset();
}

void send_garbage(visitor& v) {
  v.count.injected();
  if (v.chance.one_in(4)) return send_anything(v, v.chance.bytes(v.chance.from(1, 4'000)));
  send_anything(v, changed(v, v.chance.one_of(v.at.known.bytes())));
}

void smuggle(visitor& v) {
  static const std::vector<refused_request> all = refused_requests();
  v.count.injected();
  const refused_request& refused = v.chance.one_of(all);
  wire& connection = v.connect();
  v.send_somehow(connection, refused.bytes);
  if (!refused.statuses.empty()) return v.demand_refusal(connection, refused.statuses, refused.method);
  connection.ended();       // and not with a second response
  v.count.refused_as_expected();
}

}  // namespace csgi::soak
