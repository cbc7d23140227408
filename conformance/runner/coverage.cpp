// coverage.cpp - see coverage.hpp.
#include "coverage.hpp"
#include <numeric>

namespace csgi::conformance {

std::size_t chapter_coverage::built() const noexcept {
  return std::accumulate(count.begin(), count.end(), std::size_t{0}) - of(standing::planned);
}

std::size_t chapter_coverage::with_case() const noexcept { return built() - of(standing::no_case); }

std::vector<chapter_coverage> coverage_of(const report& r) {
  std::vector<chapter_coverage> chapters;
  for (const auto& c : all_clauses()) {
    if (!concerns(c, r.about) || !within_reach(c, r.about)) continue;
    if (chapters.empty() || chapters.back().chapter != c.chapter) chapters.push_back({c.chapter, {}});
    ++chapters.back().count[static_cast<unsigned char>(standing_of(c, r))];
  }
  return chapters;
}

chapter_coverage sum_of(const std::vector<chapter_coverage>& chapters, std::string name) {
  chapter_coverage sum{std::move(name), {}};
  for (const auto& each : chapters)
    for (std::size_t i = 0; i < standings; ++i) sum.count[i] += each.count[i];
  return sum;
}

std::vector<const clause*> musts_without_case() {
  std::vector<const clause*> found;
  for (const auto& c : all_clauses())
    if (c.wants_case() && c.binding() && standing_of(c, {}) == standing::no_case) found.push_back(&c);
  return found;
}

}  // namespace csgi::conformance
