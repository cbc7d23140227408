// doorkeeper.hpp - a stage that lets those in who know the word.
#pragma once
#include <csgi/blocking_exchange.hpp>
#include <csgi/middleware.hpp>

/// Looks for the word in the query, ?word=tour. A word is compared by a hash that takes long on purpose, as passwords are; so
/// it is a stage that blocks, for no event loop should wait for that.
struct doorkeeper {
  /// Errors:    csgi::http_error, 403.
  void operator()(csgi::blocking_exchange ex, csgi::next_app app) const;
};
