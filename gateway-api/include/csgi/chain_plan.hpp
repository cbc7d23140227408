// csgi/chain_plan.hpp - the kinds in which the stages of a chain are run.
#pragma once
#include <array>
#include <csgi/stage.hpp>

namespace csgi { inline namespace v1 {

/// See plan_chain().
template <std::size_t Stages>
struct chain_plan {
  std::array<app_kind, Stages + 1> kinds;       ///< of each stage, the outermost first, and last of the app

  /// How often neighbours differ: the number of bridges.
  constexpr std::size_t switches() const noexcept {
    std::size_t count = 0;
    for (std::size_t i = 0; i < Stages; ++i) count += kinds[i] != kinds[i + 1];
    return count;
  }
};

/// Runs each stage in the kind of what is inside of it, if it can. From the app outwards the kind then changes only at stages
/// that leave no choice, which every plan has to change for: so there is none with fewer switches.
///
/// Where several have as few, this one has its bridges as far outside as they can be. A stage for both kinds runs beside the
/// app that it serves, in that app's kind, as it would without the stages around it; only what comes out of it takes the
/// slower way over the bridge. None has other bridges: their number, and which way each leads, follow from the app's kind.
/// Spec:      CSGI-BRIDGE-022
template <std::size_t Stages>
constexpr chain_plan<Stages> plan_chain(const std::array<stage_kinds, Stages>& can, app_kind app) noexcept {
  chain_plan<Stages> plan{};
  plan.kinds[Stages] = app;
  for (std::size_t i = Stages; i-- > 0;) {
    if (can[i] == stage_kinds::both) plan.kinds[i] = plan.kinds[i + 1];
    else plan.kinds[i] = can[i] == stage_kinds::async ? app_kind::async : app_kind::blocking;
  }
  return plan;
}

}}  // namespace csgi::v1
