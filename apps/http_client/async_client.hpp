// async_client.hpp - an upstream over HTTP/1.1, for coroutines.
#pragma once
#include <http_client/client_limits.hpp>
#include <http_client/idle_connections.hpp>
#include <http_client/origin.hpp>
#include <http_client/service.hpp>

namespace upstream {

/// One for each upstream, a member of the app; all its loops share the connections, so it does behind csgi::as_blocking, too.
///
/// A connection is kept when its answer was whole and the upstream leaves it open, else closed: so a stopped request leaves
/// nothing behind. An idle one that the upstream has closed meanwhile is found out before it is used. Where it is closed at the
/// very moment, before a byte of the answer has come, a GET, HEAD, PUT, DELETE or OPTIONS is sent once more, on a fresh
/// connection; other methods could be done twice and begin with a fresh one. Nothing else is tried again.
/// Lifetime:  longer than its requests. Its I/O is done on csgi::io_context(), the process's, which outlives requests and loops.
/// Threads:   any; a lock is held to take or put back an idle connection, and not while anything waits.
class async_client final : public async_service {
 public:
  explicit async_client(origin to, client_limits limits = {});

  /// Closes the connections that nobody uses; for the app's shutdown().
  void close_idle() noexcept { idle_.clear(); }

 private:
  csgi::task<response> perform(const request& what) override;

  const origin to_;
  const client_limits limits_;
  idle_connections idle_;
};

}  // namespace upstream
