// clause_list.cpp - see clause_list.hpp.
#include "clause_list.hpp"
#include <csgi/conformance/clause.hpp>
#include "report.hpp"

namespace csgi::conformance {

namespace {

std::string case_note(const clause& c) {
  const auto number = names_of_cases(c, c.role).size();
  if (number == 0) return c.wants_case() ? ", no case" : "";
  const std::string what = c.role == party::app ? "check" : "case";
  return ", " + std::to_string(number) + ' ' + what + (number == 1 ? "" : "s");
}

std::string clause_text(const clause& c, const terminal& to) {
  std::string line = to.in(ink::strong, c.id) + "  " + std::string(to_string(c.role)) + ' ' + std::string(to_string(c.level));
  std::string notes = "  " + std::string(to_string(c.how));
  if (!c.capability.empty()) notes += ", if " + c.capability;
  notes += c.planned ? ", planned" : case_note(c);
  return line + to.in(ink::faint, notes) + '\n' + to.wrapped(c.text, 4);
}

std::string_view forms_note(kinds k) noexcept {
  return k == kinds::both ? "" : k == kinds::blocking_only ? " (blocking)" : " (async)";
}

}  // namespace

std::string clause_list(const terminal& to) {
  std::string all;
  std::string heading;
  for (const auto& c : all_clauses()) {
    const std::string here = c.section.empty() ? c.chapter : c.chapter + " · " + c.section;
    if (here != heading) all += (all.empty() ? "" : "\n") + to.in(ink::strong, here) + "\n\n";
    heading = here;
    all += clause_text(c, to);
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
