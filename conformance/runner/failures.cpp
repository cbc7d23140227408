// failures.cpp - see failures.hpp.
#include "failures.hpp"
#include <algorithm>

namespace csgi::conformance {

std::vector<failure> failures_of(const judged_case& c) {
  std::vector<failure> all;
  for (const auto& f : c.forms) {
    if (f.how != verdict::fail) continue;
    const auto same = std::ranges::find(all, f.reason, &failure::reason);
    if (same == all.end()) all.push_back({f.reason, f.form, f.transcript});
    else same->forms += "; " + f.form;      // names of forms have commas
  }
  return all;
}

}  // namespace csgi::conformance
