// known_answers.cpp - see known_answers.hpp.
#include "known_answers.hpp"
#include "limits.hpp"
#include "masks.hpp"
#include "request_bytes.hpp"
#include <algorithm>
#include <csgi/serving/unwanted_input.hpp>
#include <optional>

namespace csgi::soak {

using namespace std::chrono_literals;
using conformance::answer, conformance::app_request, conformance::reply, conformance::wire;

namespace {

constexpr auto soon = 500ms;
constexpr int switching_protocols = 101;

std::vector<app_request> requests_for(const soaked_app& app, const std::filesystem::path& files) {
  std::vector<app_request> all;
  for (const auto& target : app.short_targets) all.push_back({.name = "GET " + target, .method = "GET", .target = target});
  const auto corpus = conformance::all_app_requests();
  all.insert(all.end(), corpus.begin(), corpus.end());
  for (const auto& file : app.requests) {
    const auto own = conformance::read_app_requests(files / file);
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

/// None, for what goes on, or is no response to compare.
std::optional<reply> seen_in_peace(wire& connection, const app_request& request) {
  connection.send(conformance::bytes_of(request, false));
  reply seen = connection.receive_within(request.method, soon);
  if (connection.unfinished() || seen.status == switching_protocols) return {};
  return seen;
}

std::string excerpt(const answer& from, const std::string& aspect) {
  const auto found = from.find(aspect);
  return found == from.end() ? "" : found->second;
}

}  // namespace

std::string known_answer::objection_to(const answer& seen) const {
  std::set<std::string> aspects;
  for (const auto& [aspect, value] : first) aspects.insert(aspect);
  for (const auto& [aspect, value] : seen) aspects.insert(aspect);
  for (const auto& aspect : aspects) {
    const std::string before = excerpt(first, aspect), now = excerpt(seen, aspect);
    if (changing.contains(aspect) || before == now) continue;
    const auto shown = conformance::excerpts({before, now});
    return request.name + ": " + aspect + " was " + shown[0] + " and is " + shown[1];
  }
  return {};
}

answer comparable(const app_request& request, reply seen, std::uint16_t server, std::uint16_t client) {
  conformance::masks ports({});
  ports.apply(request, seen, server, client);
  return conformance::answer_of(seen);
}

known_answers::known_answers(const soaked_app& app, const std::filesystem::path& request_files, std::uint16_t port,
                             const std::stop_token& stop) {
  conformance::patience wait(patience_with_it);
  for (const app_request& request : requests_for(app, request_files)) {
    if (stop.stop_requested()) return;
    bytes_.push_back(conformance::bytes_of(request, false));
    known_answer known{.request = request, .first = {}, .changing = {}};
    wire first(port, wait), second(port, wait);
    const auto one = seen_in_peace(first, request);
    const auto other = one ? seen_in_peace(second, request) : std::nullopt;
    if (!other) continue;
    // What nobody reads of a body the server reads past, but not for ever.
    known.keeps = one->whole && !one->has("connection") && request.version == http_version::http_1_1 &&
                  request.body_size() <= most_unwanted;
    known.first = comparable(request, *one, port, first.local_port());
    const answer again = comparable(request, *other, port, second.local_port());
    for (const auto& [aspect, value] : known.first)
      if (excerpt(again, aspect) != value) known.changing.insert(aspect);
    for (const auto& [aspect, value] : again)
      if (!known.first.contains(aspect)) known.changing.insert(aspect);
    known.short_target = std::ranges::find(app.short_targets, request.target) != app.short_targets.end();
    if (known.keeps) kept_.push_back(known);
    whole_.push_back(std::move(known));
  }
  if (kept_.empty() || kept_.front().request.target != app.short_targets.front())
    throw conformance::unmet("what should be answered at once is not: " + app.short_targets.front());
}

}  // namespace csgi::soak
