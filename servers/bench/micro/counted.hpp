// counted.hpp - what request_costs counts.
#pragma once

namespace csgi::bench {

inline constexpr int warm_up = 200;     // requests, or calls, before any is counted

/// Prints a line for each.
void count_allocations();

/// Leaves a dump of callgrind for each. Apart from the rest: what else a file calls decides on what is inlined.
void count_instructions();

bool can_count_instructions() noexcept;

}  // namespace csgi::bench
