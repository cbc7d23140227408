// spread.hpp - what several rounds say of one figure.
#pragma once
#include <optional>
#include <vector>

namespace csgi::bench {

struct spread {
  double median;
  double least;
  double most;
};

/// Nothing, of nothing.
std::optional<spread> spread_of(std::vector<double> values);

/// Each round's figure over the floor's of the same round, as far as both have one; rounds where the floor's is 0 have none.
std::vector<double> ratios(const std::vector<double>& own, const std::vector<double>& floor);

}  // namespace csgi::bench
