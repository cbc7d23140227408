// selection.cpp - see selection.hpp.
#include "selection.hpp"
#include <algorithm>
#include <fnmatch.h>

namespace csgi::conformance {

namespace {

bool matches(const std::string& pattern, const test_case& c) {
  const std::string anywhere = '*' + pattern + '*';
  const auto has_it = [&](const std::string& text) { return ::fnmatch(anywhere.c_str(), text.c_str(), FNM_CASEFOLD) == 0; };
  return has_it(c.name) || std::ranges::any_of(c.clauses, has_it);
}

bool strict_enough(strength least, const test_case& c) {
  return least != strength::must || std::ranges::any_of(c.clauses, [](const std::string& id) {
    const clause* found = find_clause(id);
    return found == nullptr || found->binding();
  });
}

}  // namespace

std::vector<test_case> selected(const command_line& asked) {
  std::vector<test_case> cases = all_cases();
  const auto fit = [&](const std::vector<std::string>& patterns, const char* option) {
    for (const auto& pattern : patterns)
      if (std::ranges::none_of(cases, [&](const test_case& c) { return matches(pattern, c); }))
        throw usage_error(option + (": no case has \"" + pattern) + "\" in its name or clauses");
  };
  fit(asked.only, "--only");
  fit(asked.except, "--except");
  std::erase_if(cases, [&](const test_case& c) {
    const auto any = [&](const std::vector<std::string>& patterns) {
      return std::ranges::any_of(patterns, [&](const std::string& pattern) { return matches(pattern, c); });
    };
    const bool asked_for = (asked.only.empty() || any(asked.only)) && !any(asked.except);
    const bool applies = asked.apps == kinds::both || c.for_kinds == kinds::both || c.for_kinds == asked.apps;
    return !asked_for || !applies || !strict_enough(asked.least, c);
  });
  if (cases.empty()) throw usage_error("no case is left to be judged");
  return cases;
}

}  // namespace csgi::conformance
