// csgi/blocking_app.hpp - an application written as plain functions: WSGI's counterpart.
#pragma once
#include <csgi/blocking_exchange.hpp>
#include <csgi/server_context.hpp>

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

  /// Makes ready what requests need; the first request comes after it has returned.
  ///
  /// Threads:   called once for each server, on a thread that may block.
  /// Errors:    what it throws keeps the server from serving: run() throws it on.
  virtual void startup(server_context&) {}

  /// The server is stopping: running requests are finished, no new connections are accepted.
  ///
  /// Threads:   called once, on a thread of the server's that must not block.
  virtual void draining() noexcept {}

  /// Puts away what startup() made, once all requests, their hooks and the background have ended.
  ///
  /// Threads:   the one that startup() was called on; not called where that has thrown.
  /// Errors:    what it throws is told to the operator, and thrown by run() when all has ended.
  virtual void shutdown() {}
};

}}  // namespace csgi::v1
