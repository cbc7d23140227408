#include <csgi/chain_plan.hpp>
#include <algorithm>
#include <doctest/doctest.h>
#include <vector>

using namespace csgi;

namespace {

constexpr auto blocking = stage_kinds::blocking;
constexpr auto async = stage_kinds::async;
constexpr auto both = stage_kinds::both;

bool fits(stage_kinds can, app_kind kind) {
  return can == both || (can == async) == (kind == app_kind::async);
}

/// Whether `plan` runs each stage in a kind that it can be run in, and the app in its own.
template <std::size_t N>
bool is_possible(const std::array<stage_kinds, N>& can, app_kind app, const chain_plan<N>& plan) {
  for (std::size_t i = 0; i < N; ++i)
    if (!fits(can[i], plan.kinds[i])) return false;
  return plan.kinds[N] == app;
}

/// The n-th of all plans there are for N stages.
template <std::size_t N>
chain_plan<N> nth_plan(std::size_t n, app_kind app) {
  chain_plan<N> plan{};
  for (std::size_t i = 0; i < N; ++i) plan.kinds[i] = n >> i & 1 ? app_kind::async : app_kind::blocking;
  plan.kinds[N] = app;
  return plan;
}

template <std::size_t N>
std::size_t fewest_switches(const std::array<stage_kinds, N>& can, app_kind app) {
  std::size_t fewest = N + 1;
  for (std::size_t n = 0; n < std::size_t(1) << N; ++n) {
    const auto plan = nth_plan<N>(n, app);
    if (is_possible(can, app, plan)) fewest = std::min(fewest, plan.switches());
  }
  return fewest;
}

/// How far inside the outermost of its bridges, the next one and so on stand: the smaller, the further outside.
template <std::size_t N>
std::vector<std::size_t> places_of_bridges(const chain_plan<N>& plan) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < N; ++i)
    if (plan.kinds[i] != plan.kinds[i + 1]) places.push_back(i);
  return places;
}

/// Calls `f(can, app)` for every chain of N stages.
template <std::size_t N, class F>
void for_each_chain(F f) {
  std::size_t chains = 1;
  for (std::size_t i = 0; i < N; ++i) chains *= 3;
  for (std::size_t n = 0; n < chains; ++n) {
    std::array<stage_kinds, N> can;
    std::size_t rest = n;
    for (auto& each : can) {
      each = static_cast<stage_kinds>(rest % 3);
      rest /= 3;
    }
    f(can, app_kind::blocking);
    f(can, app_kind::async);
  }
}

template <std::size_t N>
void check_all_chains() {
  CAPTURE(N);
  std::size_t impossible = 0, wasteful = 0;
  for_each_chain<N>([&](const auto& can, app_kind app) {
    const auto plan = plan_chain(can, app);
    impossible += !is_possible(can, app, plan);
    wasteful += plan.switches() != fewest_switches(can, app);
  });
  CHECK(impossible == 0);
  CHECK(wasteful == 0);
  if constexpr (N > 1) check_all_chains<N - 1>();
}

template <std::size_t N>
void check_ties() {
  CAPTURE(N);
  std::size_t further_outside = 0, other_bridges = 0;
  for_each_chain<N>([&](const auto& can, app_kind app) {
    const auto plan = plan_chain(can, app);
    for (std::size_t n = 0; n < std::size_t(1) << N; ++n) {
      const auto other = nth_plan<N>(n, app);
      if (!is_possible(can, app, other) || other.switches() != plan.switches()) continue;
      const auto mine = places_of_bridges(plan), theirs = places_of_bridges(other);
      for (std::size_t i = 0; i < mine.size(); ++i) {
        further_outside += theirs[i] < mine[i];
        other_bridges += other.kinds[theirs[i]] != plan.kinds[mine[i]];
      }
    }
  });
  CHECK(further_outside == 0);
  CHECK(other_bridges == 0);
  if constexpr (N > 1) check_ties<N - 1>();
}

}  // namespace

TEST_SUITE("chain_plan") {
TEST_CASE("CSGI-BRIDGE-022: of every chain of up to eight stages, no plan has fewer switches") { check_all_chains<8>(); }

TEST_CASE("CSGI-BRIDGE-022: of plans with as few, none has a bridge further outside, nor other bridges") { check_ties<6>(); }

TEST_CASE("stages for both kinds cost no switch, whatever they stand between") {
  using five = std::array<stage_kinds, 5>;
  CHECK(plan_chain(five{both, both, both, both, both}, app_kind::async).switches() == 0);
  CHECK(plan_chain(five{both, both, both, both, both}, app_kind::blocking).switches() == 0);
  CHECK(plan_chain(five{async, both, blocking, both, both}, app_kind::blocking).switches() == 1);
  CHECK(plan_chain(five{both, blocking, both, blocking, both}, app_kind::async).switches() == 1);
  CHECK(plan_chain(five{async, blocking, async, blocking, async}, app_kind::blocking).switches() == 5);
}

TEST_CASE("a stage for both kinds runs in the kind of what is inside of it") {
  const auto plan = plan_chain(std::array{both, blocking, both, both}, app_kind::async);
  CHECK(plan.kinds == std::array{app_kind::blocking, app_kind::blocking, app_kind::async, app_kind::async, app_kind::async});
}

TEST_CASE("a chain around a chain is planned as if the two were one") {
  std::size_t other = 0;
  for_each_chain<6>([&](const auto& can, app_kind app) {
    const auto whole = plan_chain(can, app);
    const auto inner = plan_chain(std::array{can[3], can[4], can[5]}, app);
    const auto outer = plan_chain(std::array{can[0], can[1], can[2]}, inner.kinds[0]);
    other += whole.switches() != inner.switches() + outer.switches() || whole.kinds[0] != outer.kinds[0];
  });
  CHECK(other == 0);
}

static_assert(plan_chain(std::array{blocking}, app_kind::async).switches() == 1, "a plan is made when it is compiled");
}
