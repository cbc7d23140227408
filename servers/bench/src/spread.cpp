#include "spread.hpp"
#include <algorithm>

namespace csgi::bench {

std::optional<spread> spread_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return spread{median, values.front(), values.back()};
}

std::vector<double> ratios(const std::vector<double>& own, const std::vector<double>& floor) {
  std::vector<double> all;
  for (std::size_t round = 0; round < std::min(own.size(), floor.size()); ++round)
    if (floor[round] != 0) all.push_back(own[round] / floor[round]);
  return all;
}

}  // namespace csgi::bench
