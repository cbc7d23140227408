// selection.hpp - which servers are compared by what, of all that there are.
#pragma once
#include "scenario.hpp"
#include <stdexcept>

namespace csgi::bench {

/// What was asked for makes no sense.
struct usage_error : std::runtime_error {
  using runtime_error::runtime_error;
};

enum class halves : unsigned char { both, http, websocket };

struct wishes {
  thoroughness how = thoroughness::whole;
  halves of = halves::both;
  std::vector<std::string> only;      ///< patterns, each of which is in the name of servers or scenarios
};

/// Whether `pattern` is in `name`: letters of either case, with * for anything and ? for one character.
bool is_in(const std::string& pattern, const std::string& name);

/// What remains of both: patterns that servers answer to choose among servers, those that scenarios answer to among scenarios, and
/// where there are none of one sort there is no choice. Floors always remain. Of --quick, what is named is kept in any case.
///
/// Errors:    usage_error for a pattern that nothing answers to, and where nothing remains.
void select(std::vector<subject>& subjects, std::vector<scenario>& scenarios, const wishes& wanted);

}  // namespace csgi::bench
