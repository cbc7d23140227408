// table.hpp - what came of a soak, for people.
#pragma once
#include "soak.hpp"
#include <iosfwd>

namespace csgi::soak {

void print_heading(std::ostream& to);
void print_row(std::ostream& to, const outcome& of);

/// What was not expected there, with what leads to it again.
void print_surprises(std::ostream& to, const outcome& of);

/// Gives whether nothing unexpected happened.
bool print_total(std::ostream& to, const std::vector<outcome>& all);

}  // namespace csgi::soak
