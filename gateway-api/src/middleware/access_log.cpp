// access_log.cpp - see csgi/middleware/access_log.hpp.
#include <csgi/middleware/access_log.hpp>
#include <csgi/middleware/request_ids.hpp>
#include <csgi/middleware/upgraded.hpp>
#include <algorithm>
#include <cstdio>

namespace csgi { inline namespace v1 {

std::optional<ready_response> access_log_hooks::on_request(const request& head) {
  if (!settings_.write) return std::nullopt;
  access_entry entry{.method = std::string(head.method), .target = std::string(head.target), .peer = std::string(head.peer.address),
                     .version = head.version, .id = {}, .how = {}, .took = {}};
  if (const auto* const id = static_cast<request_id*>(next().find(request_id::id))) entry.id = id->value;
  exchange_handle(next()).on_finish([this_log = &settings_, begun = begun_, e = std::move(entry)](const outcome& how) mutable {
    e.how = how;
    e.took = clock::now() - begun;
    this_log->write(e);
  });
  return std::nullopt;
}

access_log_hooks::~access_log_hooks() {
  if (settings_.write) return;
  const std::chrono::duration<double, std::milli> took = clock::now() - begun_;
  char line[64];
  const bool upgraded = is_upgraded(next());
  if (upgraded) status_ = 101;
  switch (upgraded ? std::max(phase(), csgi::phase::finished) : phase()) {
    case csgi::phase::finished: std::snprintf(line, sizeof line, "%d after %.3f ms", status_, took.count()); break;
    case csgi::phase::aborted: std::snprintf(line, sizeof line, "aborted after %.3f ms", took.count()); break;
    default: std::snprintf(line, sizeof line, "no response after %.3f ms", took.count());
  }
  exchange_handle(next()).log(log_level::info, line);
}

}}  // namespace csgi::v1
