#include "selection.hpp"
#include <algorithm>
#include <fnmatch.h>

namespace csgi::bench {

namespace {

template <class Named>
bool some(const std::vector<Named>& all, const std::string& pattern) {
  return std::ranges::any_of(all, [&](const Named& each) { return is_in(pattern, each.name); });
}

// Those of the patterns that something of this sort answers to.
template <class Named>
std::vector<std::string> about(const std::vector<Named>& all, const std::vector<std::string>& patterns) {
  std::vector<std::string> found;
  std::ranges::copy_if(patterns, std::back_inserter(found), [&](const std::string& each) { return some(all, each); });
  return found;
}

bool is_in_any(const std::vector<std::string>& patterns, const std::string& name) {
  return std::ranges::any_of(patterns, [&](const std::string& each) { return is_in(each, name); });
}

bool is_in_half(const scenario& each, halves wanted) {
  return wanted == halves::both || (each.asks_for == workload::messages) == (wanted == halves::websocket);
}

}  // namespace

bool is_in(const std::string& pattern, const std::string& name) {
  return ::fnmatch(('*' + pattern + '*').c_str(), name.c_str(), FNM_CASEFOLD) == 0;
}

void select(std::vector<subject>& subjects, std::vector<scenario>& scenarios, const wishes& wanted) {
  const auto of_subjects = about(subjects, wanted.only), of_scenarios = about(scenarios, wanted.only);
  for (const std::string& each : wanted.only)
    if (!some(subjects, each) && !some(scenarios, each))
      throw usage_error("--only: nothing is called \"" + each + "\"; --list tells what there is");
  const bool quick = wanted.how == thoroughness::quick;
  std::erase_if(scenarios, [&](const scenario& each) {
    if (!is_in_half(each, wanted.of)) return true;
    return of_scenarios.empty() ? quick && each.part_of != thoroughness::quick : !is_in_any(of_scenarios, each.name);
  });
  std::erase_if(subjects, [&](const subject& each) {
    if (each.name == floor_name) return false;
    return of_subjects.empty() ? quick && !each.quick : !is_in_any(of_subjects, each.name);
  });
  if (scenarios.empty()) throw usage_error("nothing is left to compare");
}

}  // namespace csgi::bench
