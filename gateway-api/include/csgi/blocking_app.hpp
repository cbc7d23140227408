// csgi/blocking_app.hpp - an application written as plain functions: WSGI's counterpart.
#pragma once
#include <csgi/blocking_exchange.hpp>

namespace csgi { inline namespace v1 {

/// Lifetime:  owned by its host, which outlives every exchange it hands over.
class blocking_app {
 public:
  virtual ~blocking_app() = default;

  /// Answers one request, and may block while it does.
  ///
  /// Threads:   called from many threads at the same time; each call stays on one.
  /// Errors:    what it throws becomes a 500 before the response is committed, a broken connection afterwards;
  ///            so does a return without a finished response. csgi::disconnected is no fault.
  virtual void http(blocking_exchange) = 0;
};

}}  // namespace csgi::v1
