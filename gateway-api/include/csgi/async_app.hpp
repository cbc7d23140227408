// csgi/async_app.hpp - an application written as coroutines: ASGI's counterpart.
#pragma once
#include <csgi/async_exchange.hpp>

namespace csgi { inline namespace v1 {

/// Lifetime:  owned by its host, which outlives every exchange it hands over.
class async_app {
 public:
  virtual ~async_app() = default;

  /// Answers one request. It must not block the thread between two awaits: others wait for it.
  ///
  /// Threads:   called on the exchange's executor. A server may have several, so calls may run at the same time.
  /// Errors:    what it throws becomes a 500 before the response is committed, a broken connection afterwards;
  ///            so does an end without a finished response. csgi::disconnected is no fault.
  virtual task<> http(async_exchange) = 0;
};

}}  // namespace csgi::v1
