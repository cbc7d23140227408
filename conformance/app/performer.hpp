// performer.hpp - the process that runs the app.
#pragma once
#include <set>
#include "agenda.hpp"
#include "messages.hpp"

namespace csgi::conformance {

/// What is left to do.
struct assignment {
  std::size_t from = 0;                           ///< the first step
  std::set<std::size_t> without;                  ///< requests that end the process even when played as they are
  std::chrono::steady_clock::time_point until{};  ///< when no further step begins
};

/// Loads, makes and starts the app, goes through the agenda, and shuts the app down. Does not return.
[[noreturn]] void perform(const app_options& options, const assignment& what, int pipe, whereabouts& where);

}  // namespace csgi::conformance
