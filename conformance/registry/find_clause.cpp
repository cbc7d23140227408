// find_clause.cpp - see csgi/conformance/clause.hpp.
#include <algorithm>
#include <csgi/conformance/clause.hpp>

namespace csgi::conformance {

const clause* find_clause(std::string_view id) noexcept {
  const auto& all = all_clauses();
  const auto found = std::ranges::find(all, id, &clause::id);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace csgi::conformance
