// Any bytes from a client, on a whole connection: however they are split, the app sees the same requests and the client the
// same responses; these are well-formed, in order, one for each; and the connection ends.
#include "connection_host.hpp"
#include "require.hpp"
#include "response_reader.hpp"
#include <csgi/async_websocket.hpp>

using namespace csgi;
using namespace csgi::http1;

namespace {

constexpr std::size_t longest = 3000;

/// What the first byte of an input says.
struct choices {
  enum class habit : unsigned char { echoes, ignores_body, streams, throws };

  habit app;
  driven how;
  bool narrow;        // limits are small
  bool closes;        // the client closes its sending side at the end; else it falls silent
  bool below;         // the app has a root path
  bool gathers;       // bodies are received before their app runs

  explicit choices(unsigned char byte)
      : app(static_cast<habit>(byte & 3)), how((byte & 4) != 0 ? driven::blocking : driven::pending), narrow((byte & 8) != 0),
        closes((byte & 16) == 0), below((byte & 32) != 0), gathers((byte & 64) != 0) {}
};

struct seen_request {
  std::string head;       // everything in it
  std::string again;      // as bytes that mean the same
  std::string method;
  std::string body;
  std::string trailers;
  bool whole = false;     // it was read to its end
};

std::string shown(const request& r) {
  std::string text;
  for (const auto part : {r.method, r.target, r.raw_path, r.path, r.root_path, r.query, r.authority, to_string(r.version)})
    text.append(part).append("|");
  text.append(std::to_string(static_cast<int>(r.body))).append("|").append(std::to_string(r.content_length));
  for (const field& f : r.fields) text.append("|").append(f.name).append(":").append(f.value);
  return text;
}

std::string written(const request& r) {
  std::string text;
  text.append(r.method).append(" ").append(r.target).append(" HTTP/").append(to_string(r.version)).append("\r\n");
  for (const field& f : r.fields) text.append(f.name).append(": ").append(f.value).append("\r\n");
  return text.append("\r\n");
}

std::string written_body(const request& r, const std::string& body, const std::string& trailers) {
  if (r.body != body_kind::unknown) return body;
  char size[20];
  const auto end = std::to_chars(std::begin(size), std::end(size), body.size(), 16).ptr;
  const std::string chunk = body.empty() ? "" : std::string(size, end) + "\r\n" + body + "\r\n";
  return chunk + "0\r\n" + trailers + "\r\n";
}

task<> read_body(async_exchange ex, seen_request& into) {
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) into.body += chunk;
  if (const auto* trailers = ex.find<request_trailers>())
    for (const field& f : trailers->fields()) into.trailers.append(f.name).append(": ").append(f.value).append("\r\n");
  into.again += written_body(ex.head(), into.body, into.trailers);
  into.whole = true;
}

task<> talk(async_exchange ex, seen_request& into) {
  const async_websocket socket(ex);
  co_await socket.accept();
  for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) {
    into.body.append("<").append(got.data).append(">");
    co_await socket.send(got);
  }
}

task<> answer(async_exchange ex, choices::habit habit, std::deque<seen_request>& seen) {
  const std::string number = std::to_string(seen.size());
  auto& request = seen.emplace_back(seen_request{shown(ex.head()), written(ex.head()), std::string(ex.head().method), {}, {}});
  if (ex.find<websocket>()) {
    co_await talk(ex, request);
    co_return;
  }
  if (habit == choices::habit::streams) {
    ex.start(200, {{"N", number}});
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) {
      request.body += chunk;
      co_await ex.write(chunk);
    }
    co_await ex.finish();
    co_return;
  }
  if (habit != choices::habit::ignores_body) co_await read_body(ex, request);
  if (habit == choices::habit::throws) throw std::runtime_error("on\r\npurpose");
  ex.start(200, {{"N", number}});
  co_await ex.finish(request.body);
}

struct conversation {
  std::deque<seen_request> requests;
  std::vector<std::string> responses;     // each in short
  bool reset = false;

  bool same_as(const conversation& other) const {
    const auto same = [](const seen_request& a, const seen_request& b) {
      return a.head == b.head && a.body == b.body && a.trailers == b.trailers && a.whole == b.whole;
    };
    return std::ranges::equal(requests, other.requests, same) && responses == other.responses && reset == other.reset;
  }
};

std::string in_short(const wire_response& r) {
  std::string text = std::to_string(r.status) + " " + r.reason;
  for (const auto& [name, value] : r.fields)
    if (name != "Date") text.append("|").append(name).append(":").append(value);
  return text.append(r.end == wire_end::cut ? "|cut" : "|" + r.body);
}

/// A response that the server made itself may answer HEAD, as nobody but the server can tell.
bool answers_head(const wire_response& r, std::string_view rest) {
  const std::string body = std::to_string(r.status) + (r.reason.empty() ? "" : " " + r.reason) + "\n";
  if (rest.starts_with(body)) return false;
  require(rest.empty() || rest.starts_with("HTTP/1.1 "));
  return true;
}

void read_responses(std::string_view wire, conversation& into, bool app_throws) {
  response_reader reader(wire);
  std::size_t answered = 0;       // requests that the app saw
  bool last = false;
  while (!reader.rest().empty()) {
    require(!last);
    auto response = reader.read_head();
    if (response.status == 101) return into.responses.push_back(in_short(response) + std::string(reader.rest()));
    if (response.informational()) {
      require(response.status == 100 && response.fields.empty());     // whether it comes depends on what had come
      continue;
    }
    const auto number = response.only("n");
    if (number) {
      require(*number == std::to_string(answered) && answered < into.requests.size());
      reader.read_body(response, into.requests[answered].method == "HEAD");
      ++answered;
    } else {
      reader.read_body(response, answers_head(response, reader.rest()));
      if (app_throws || response.status == 500) ++answered;
    }
    last = response.end != wire_end::whole || response.only("connection").value_or("") == "close";
    into.responses.push_back(in_short(response));
  }
}

void set_limits(server_limits& limits, const choices& chosen) {
  if (!chosen.narrow) return;
  limits.request_line = 40;
  limits.request_head = 200;
  limits.request_fields = 5;
  limits.request_body = 10;
  limits.requests_per_connection = 3;
}

/// Plays the bytes in pieces, each as large as `size_of` says; and judges what can be said of one run.
template <class SizeOf>
conversation converse(const choices& chosen, std::string_view bytes, SizeOf size_of) {
  conversation seen;
  connection_host host(chosen.how);
  host.shared.blocking_websockets = true;
  host.gathers = chosen.gathers;
  if (chosen.below) host.shared.root_path = "/a";
  set_limits(host.shared.limits, chosen);
  host.app = [&](async_exchange ex) { return answer(ex, chosen.app, seen.requests); };
  for (std::size_t at = 0, size = 0; at < bytes.size(); at += size) {
    size = std::min(size_of(), bytes.size() - at);
    host.peer.sends(bytes.substr(at, size));
  }
  if (chosen.closes) host.peer.closes();
  host.run();
  for (int i = 0; i < 10 && !host.closed; ++i) host.pass(std::chrono::hours(24));
  require(host.closed && host.idle());
  for (const auto& line : host.observer.lines) require(line.find_first_of(std::string_view("\r\n\0", 3)) == line.npos);
  read_responses(host.peer.got, seen, chosen.app == choices::habit::throws);
  seen.reset = host.peer.was_reset;
  return seen;
}

/// What was understood, written anew without anything that could be read in two ways, is understood the same.
void check_again(const choices& chosen, const conversation& first) {
  if (chosen.app != choices::habit::echoes || chosen.narrow) return;
  std::string bytes;
  for (const auto& request : first.requests) {
    if (!request.whole) return;
    bytes += request.again;
  }
  const auto second = converse(chosen, bytes, [] { return longest; });
  require(second.requests.size() == first.requests.size());
  for (std::size_t i = 0; i < first.requests.size(); ++i) {
    require(second.requests[i].head == first.requests[i].head && second.requests[i].body == first.requests[i].body);
    require(second.requests[i].trailers == first.requests[i].trailers);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 2 || size > longest) return 0;
  const choices chosen(data[0]);
  const auto bytes = bytes_of(data + 1, size - 1);
  const auto whole = converse(chosen, bytes, [] { return longest; });
  require(converse(chosen, bytes, [] { return std::size_t{1}; }).same_as(whole));
  std::uint32_t random = data[size - 1] * 2654435761u + static_cast<std::uint32_t>(size);
  const auto anyhow = [&random] {
    random = random * 1664525u + 1013904223u;
    return 1 + std::size_t{random >> 24} % 40;
  };
  require(converse(chosen, bytes, anyhow).same_as(whole));
  check_again(chosen, whole);
  return 0;
}
