// table.hpp - results as people read them.
#pragma once
#include "comparison.hpp"

namespace csgi::bench {

/// One scenario: a line for each server, with medians (least – most), and ratios to the floor.
std::string table_of(const result& of);

/// What was left out, and what went wrong.
std::string remarks_on(const comparison& of);

}  // namespace csgi::bench
