// clause_list.cpp - see clause_list.hpp.
#include "clause_list.hpp"
#include <csgi/conformance/clause.hpp>
#include <map>

namespace csgi::conformance {

namespace {

using case_counts = std::map<std::string, std::size_t, std::less<>>;

case_counts count_cases() {
  case_counts counts;
  for (const auto& c : all_cases())
    for (const auto& id : c.clauses) ++counts[id];
  return counts;
}

std::string case_note(const clause& c, const case_counts& counts) {
  const auto found = counts.find(c.id);
  if (found != counts.end()) return ", " + std::to_string(found->second) + (found->second == 1 ? " case" : " cases");
  return c.wants_case() ? ", no case" : "";
}

std::string clause_text(const clause& c, const case_counts& counts, const terminal& to) {
  std::string line = to.in(ink::strong, c.id) + "  " + std::string(to_string(c.role)) + ' ' + std::string(to_string(c.level));
  std::string notes = "  " + std::string(to_string(c.how));
  if (!c.capability.empty()) notes += ", if " + c.capability;
  notes += c.planned ? ", planned" : case_note(c, counts);
  return line + to.in(ink::faint, notes) + '\n' + to.wrapped(c.text, 4);
}

std::string_view forms_note(kinds k) noexcept {
  return k == kinds::both ? "" : k == kinds::blocking_only ? " (blocking)" : " (async)";
}

}  // namespace

std::string clause_list(const terminal& to) {
  const case_counts counts = count_cases();
  std::string all;
  std::string heading;
  for (const auto& c : all_clauses()) {
    const std::string here = c.section.empty() ? c.chapter : c.chapter + " · " + c.section;
    if (here != heading) all += (all.empty() ? "" : "\n") + to.in(ink::strong, here) + "\n\n";
    heading = here;
    all += clause_text(c, counts, to);
  }
  return all;
}

std::string case_list(const std::vector<test_case>& cases, const terminal& to) {
  std::string all;
  for (const auto& c : cases) {
    std::string ids;
    for (const auto& id : c.clauses) ids += (ids.empty() ? "" : " ") + id;
    all += padded(ids, 16) + "  " + c.name + to.in(ink::faint, forms_note(c.for_kinds)) + '\n';
  }
  return all;
}

}  // namespace csgi::conformance
