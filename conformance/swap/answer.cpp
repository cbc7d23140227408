// answer.cpp - see answer.hpp.
#include "answer.hpp"
#include <algorithm>
#include <array>
#include <csgi/field.hpp>

namespace csgi::conformance {

namespace {

constexpr std::size_t excerpt_size = 60;
constexpr std::size_t lead_in = 20;       // equal bytes, shown before those that differ

/// Which server it is, what time it is there, and how the message is framed.
bool is_the_servers(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 5> names{"date", "server", "connection", "keep-alive", "transfer-encoding"};
  return std::ranges::any_of(names, [&](std::string_view n) { return same_name(n, name); });
}

std::string in_small(std::string_view text) {
  std::string small(text);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return small;
}

/// From one of them to the other where all are the same.
std::size_t equal_bytes(const std::vector<std::string>& values) {
  std::size_t equal = values.front().size();
  for (const auto& each : values) {
    const auto differ = std::ranges::mismatch(values.front(), each).in1;
    equal = std::min(equal, static_cast<std::size_t>(differ - values.front().begin()));
  }
  return equal;
}

}  // namespace

answer answer_of(const reply& seen) {
  answer made{{"status", std::to_string(seen.status)}, {"body", seen.body}, {"end", seen.whole ? "whole" : "broken off"}};
  if (seen.interim > 0) made["interim responses"] = std::to_string(seen.interim);
  for (const auto& [name, value] : seen.fields) {
    if (is_the_servers(name)) continue;
    const auto [place, fresh] = made.emplace("field " + in_small(name), value);
    if (!fresh) place->second += ", " + value;
  }
  return made;
}

answer broken_off(const std::string& how) { return {{"end", how}}; }

bool goes_on(const answer& a) noexcept {
  const auto end = a.find("end");
  return end != a.end() && end->second == still_going;
}

std::vector<std::string> excerpts(const std::vector<std::string>& values) {
  const std::size_t equal = equal_bytes(values);
  const std::size_t from = equal > lead_in ? equal - lead_in : 0;
  std::vector<std::string> all;
  for (const auto& each : values) {
    const std::string_view part = std::string_view(each).substr(std::min(from, each.size()), excerpt_size);
    const bool cut = part.size() < each.size();
    all.push_back((from > 0 ? "…" : "") + visible(part) + (from + part.size() < each.size() ? "…" : "") +
                  (cut ? " (" + std::to_string(each.size()) + " bytes)" : each.empty() ? "(none)" : ""));
  }
  return all;
}

}  // namespace csgi::conformance
