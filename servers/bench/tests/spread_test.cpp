#include "spread.hpp"
#include <doctest/doctest.h>

using namespace csgi::bench;

TEST_SUITE("spread") {
TEST_CASE("the median is the one in the middle, or between the two that are") {
  const auto odd = spread_of({3, 1, 2});
  REQUIRE(odd);
  CHECK(odd->median == 2);
  CHECK(odd->least == 1);
  CHECK(odd->most == 3);
  const auto even = spread_of({4, 1, 2, 10});
  REQUIRE(even);
  CHECK(even->median == 3);
}

TEST_CASE("nothing has no median") { CHECK_FALSE(spread_of({})); }

TEST_CASE("ratios are those of the same round") {
  CHECK(ratios({2, 9, 8}, {1, 3, 4}) == std::vector<double>{2, 3, 2});
  CHECK(ratios({2, 9}, {1}) == std::vector<double>{2});
  CHECK(ratios({2, 9}, {0, 3}) == std::vector<double>{3});
}
}
