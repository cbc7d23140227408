#include "restart_delay.hpp"
#include <doctest/doctest.h>

using csgi::cli::restart_delay;
using namespace std::chrono_literals;

TEST_SUITE("restart_delay") {
TEST_CASE("it doubles up to its bound, and stays there") {
  restart_delay delay(100ms, 1s);
  for (const auto expected : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) CHECK(delay.after(0s) == expected);
}

TEST_CASE("behind a worker that has served for as long as the bound it begins anew") {
  restart_delay delay(100ms, 1s);
  delay.after(0s);
  CHECK(delay.after(999ms) == 200ms);
  CHECK(delay.after(1s) == 100ms);
  CHECK(delay.after(0s) == 200ms);
}

TEST_CASE("a first delay above the bound is the bound") {
  restart_delay delay(10s, 1s);
  CHECK(delay.after(0s) == 1s);
  CHECK(delay.after(0s) == 1s);
}
}
