// report.cpp - see report.hpp.
#include "report.hpp"
#include <algorithm>
#include <numeric>
#include "utf8.hpp"

namespace csgi::conformance {

bool judged_case::failed() const noexcept {
  return std::ranges::any_of(forms, [](const form_result& f) { return f.how == verdict::fail; });
}

bool judged_case::binding() const noexcept {
  return std::ranges::any_of(clauses, [](const std::string& id) {
    const clause* c = find_clause(id);
    return c == nullptr || c->binding();
  });
}

std::chrono::milliseconds judged_case::took() const noexcept {
  std::chrono::milliseconds all{};
  for (const auto& f : forms) all += f.took;
  return all;
}

std::size_t report::results() const noexcept {
  return std::accumulate(cases.begin(), cases.end(), std::size_t{0},
                         [](std::size_t sum, const judged_case& c) { return sum + c.forms.size(); });
}

std::size_t report::broken() const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(cases, [](const auto& c) { return c.failed() && c.binding(); }));
}

std::size_t report::warnings() const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(cases, [](const auto& c) { return c.failed() && !c.binding(); }));
}

std::vector<judged_case> by_case(const std::vector<result>& results) {
  std::vector<judged_case> cases;
  const test_case* last = nullptr;
  for (const result& r : results) {
    if (r.of != last) cases.push_back({as_utf8(r.of->name), r.of->clauses, {}});
    last = r.of;
    cases.back().forms.push_back({r.form, r.how, as_utf8(r.reason), as_utf8(r.transcript), r.took});
  }
  return cases;
}

std::string_view to_string(standing s) noexcept {
  constexpr std::string_view names[] = {"passed", "failed", "warned", "not applicable", "not run", "no case", "elsewhere", "planned"};
  return names[static_cast<unsigned char>(s)];
}

std::vector<std::string> names_of_cases(const clause& c, party about) {
  static const std::vector<test_case> cases = all_cases();
  std::vector<std::string> names;
  const auto add = [&](const auto& each) {
    if (std::ranges::find(each.clauses, c.id) != each.clauses.end()) names.push_back(each.name);
  };
  if (about == party::app) std::ranges::for_each(all_app_checks(), add);
  else std::ranges::for_each(cases, add);
  return names;
}

standing standing_of(const clause& c, const report& r) {
  if (c.planned) return standing::planned;
  bool passed = false;
  bool found = false;
  for (const auto& each : r.cases) {
    if (std::ranges::find(each.clauses, c.id) == each.clauses.end()) continue;
    found = true;
    if (each.failed()) return c.binding() ? standing::failed : standing::warned;
    passed = passed || std::ranges::any_of(each.forms, [](const form_result& f) { return f.how == verdict::pass; });
  }
  if (found) return passed ? standing::passed : standing::not_applicable;
  if (!names_of_cases(c, r.about).empty()) return standing::not_run;
  return within_reach(c, r.about) ? standing::no_case : standing::elsewhere;
}

bool within_reach(const clause& c, party about) noexcept { return c.how == (about == party::app ? proof::in_process : proof::wire); }

bool concerns(const clause& c, party about) noexcept {
  return about == party::app ? c.role == party::app : c.role == party::server || (c.role == party::host && c.how == proof::wire);
}

std::vector<judged_case> by_check(const std::vector<app_finding>& findings) {
  std::vector<judged_case> all;
  for (const app_finding& f : findings) {
    const auto& what = info(f.what);
    if (all.empty() || all.back().name != what.name) all.push_back({what.name, what.clauses, {}});
    all.back().forms.push_back({as_utf8(f.form), f.how, as_utf8(f.reason), as_utf8(f.transcript), {}});
  }
  return all;
}

}  // namespace csgi::conformance
