// posting_clients.cpp - clients that send much: bodies that come back, and what is too much.
#include "kinds.hpp"
#include "request_bytes.hpp"
#include <algorithm>

namespace csgi::soak {

using conformance::app_request, conformance::reply, conformance::wire;

namespace {

constexpr std::size_t large = 256 << 10;

app_request posted(visitor& v, std::string target) {
  const auto size = v.chance.one_in(4) ? v.chance.from(0, large) : v.chance.from(0, 2'000);
  std::string body = v.chance.bytes(size);
  app_request r{.name = "a body", .method = "POST", .target = std::move(target)};
  r.fields = {{"content-type", "application/x-soak"}};
  if (v.chance.one_in(8)) r.fields.push_back({"expect", "100-continue"});
  r.body = v.chance.one_in(2) ? body_kind::known : body_kind::unknown;
  if (r.body == body_kind::known) {
    r.chunks = {std::move(body)};
    return r;
  }
  for (std::size_t at = 0; at < body.size();) {
    r.chunks.push_back(body.substr(at, v.chance.from(1, 20'000)));
    at += r.chunks.back().size();
  }
  return r;
}

std::string body_of(const app_request& r) {
  std::string body;
  for (const auto& chunk : r.chunks) body += chunk;
  return body;
}

/// So many or more.
std::string some_letters(visitor& v, std::size_t least) { return v.chance.letters(v.chance.from(least, 3 * least)); }

void send_head(visitor& v, const std::string& lines, const std::vector<int>& statuses) {
  wire& connection = v.connect();
  v.send_somehow(connection, lines);
  v.demand_refusal(connection, statuses);
}

}  // namespace

void post(visitor& v) {
  const bool echoed = !v.at.app.echo.empty();
  wire& connection = v.connect();
  for (auto left = v.chance.from(1, 5); left > 0; --left) {
    const app_request sent = posted(v, echoed ? v.at.app.echo : v.chance.one_of(v.at.app.short_targets));
    v.send_somehow(connection, conformance::bytes_of(sent, false));
    const reply got = v.receive_sound(connection, "POST");
    if (echoed && (got.status != 200 || got.body != body_of(sent)))
      object("of " + std::to_string(sent.body_size()) + " bytes " + std::to_string(got.body.size()) + " others came back, with " +
             std::to_string(got.status));
    if (!echoed && got.status >= 400) v.count.refused_as_expected();
    if (got.has("connection")) return;
  }
}

void send_too_much(visitor& v) {
  v.count.injected();
  const std::string start = "POST " + (v.at.app.echo.empty() ? "/" : v.at.app.echo) + " HTTP/1.1\r\nHost: a\r\n";
  switch (v.chance.from(0, 5)) {
    case 0: return send_head(v, "GET /" + some_letters(v, longest_line) + " HTTP/1.1\r\nHost: a\r\n\r\n", {414});
    case 1: return send_head(v, start + "A: " + some_letters(v, largest_head) + "\r\n\r\n", {431});
    case 2: {
      std::string fields;
      for (auto left = v.chance.from(most_fields, 3 * most_fields); left > 0; --left) fields += "A: b\r\n";
      return send_head(v, start + fields + "\r\n", {431});
    }
    case 3: {
      const auto length = v.chance.from(largest_body + 1, 100 * largest_body);
      return send_head(v, start + "Content-Length: " + std::to_string(length) + "\r\n\r\n", {413});
    }
    case 4: return send_head(v, start + "Content-Length: 99999999999999999999\r\n\r\n", {400, 413});
    default: {      // an app that does not read its body does not learn of it
      wire& connection = v.connect();
      std::string bytes = start + "Transfer-Encoding: chunked\r\n\r\n";
      const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
      for (std::size_t sent = 0; sent <= largest_body; sent += 0x10000) bytes += chunk;
      v.send(connection, bytes);
      connection.ended();
      return v.count.refused_as_expected();
    }
  }
}

}  // namespace csgi::soak
