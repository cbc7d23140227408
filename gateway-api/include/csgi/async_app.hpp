// csgi/async_app.hpp - an application written as coroutines: ASGI's counterpart.
#pragma once
#include <csgi/async_exchange.hpp>
#include <csgi/loop_context.hpp>

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

  /// Makes ready what requests need; the first request comes after it has ended.
  ///
  /// Threads:   runs once for each server, on an executor of its own; its blocking code may use to_thread(). A stop of
  ///            the server stops it.
  /// Errors:    what it throws keeps the server from serving: run() throws it on.
  virtual task<> startup(server_context&) { co_return; }

  /// Makes ready what requests on one loop share; csgi::per_loop keeps it. Connections are accepted when it has ended on
  /// every loop.
  ///
  /// Threads:   runs once on each executor that is to run requests of this app, after startup(); on several at the same time.
  ///            It must not block; its blocking code may use to_thread(). A stop of the server stops it.
  /// Errors:    as startup()'s.
  /// Requires:  it leaves no operation pending.
  virtual task<> loop_startup(loop_context&) { co_return; }

  /// The server is stopping: running requests are finished, no new connections are accepted.
  ///
  /// Threads:   called once, on a thread of the server's that must not block.
  virtual void draining() noexcept {}

  /// Puts away what loop_startup() made, once all requests and their hooks have ended, before shutdown().
  ///
  /// Threads:   runs on each executor on which loop_startup() has succeeded.
  /// Errors:    as shutdown()'s.
  virtual task<> loop_shutdown(loop_context&) { co_return; }

  /// Puts away what startup() made, once all requests, their hooks and the background have ended.
  ///
  /// Threads:   the executor of startup(); not called where that has failed.
  /// Errors:    what it throws is told to the operator, and thrown by run() when all has ended.
  virtual task<> shutdown() { co_return; }
};

}}  // namespace csgi::v1
