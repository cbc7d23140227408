// refused_requests.cpp - see refused_requests.hpp.
#include "refused_requests.hpp"
#include <csgi/conformance/case.hpp>

namespace csgi::soak {

using conformance::step;

namespace {

void replace_all(std::string& bytes, std::string_view placeholder, std::string_view by) {
  for (auto at = bytes.find(placeholder); at != std::string::npos; at = bytes.find(placeholder, at + by.size()))
    bytes.replace(at, placeholder.size(), by);
}

/// Before the app was asked, or so that it cannot tell.
bool is_refusal(const conformance::test_case& c) {
  const auto& s = c.steps;
  const auto is = [&](std::size_t at, step::kind what) { return s[at].what == what; };
  if (!c.told.empty() || s.size() < 4) return false;
  if (!is(0, step::kind::send) || !is(1, step::kind::receive) || !is(2, step::kind::end)) return false;
  for (std::size_t i = 3; i < s.size(); ++i)
    if (!is(i, step::kind::never_noted) && !is(i, step::kind::noted)) return false;
  const auto& statuses = s[1].wanted.statuses;
  return !statuses.empty() && statuses.front() >= 400 && statuses.front() != 500;
}

}  // namespace

std::vector<refused_request> refused_requests() {
  std::vector<refused_request> all;
  for (const auto& c : conformance::all_cases()) {
    const auto& s = c.steps;
    if (!is_refusal(c)) continue;
    refused_request found{s[0].bytes, s[1].bytes, {}};
    if (s[3].what == step::kind::never_noted) found.statuses = s[1].wanted.statuses;
    replace_all(found.bytes, "{root}", "");
    replace_all(found.bytes, "{key}", "soak");
    all.push_back(std::move(found));
  }
  return all;
}

}  // namespace csgi::soak
