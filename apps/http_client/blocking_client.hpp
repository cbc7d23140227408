// blocking_client.hpp - an upstream over HTTP/1.1, for blocking code.
#pragma once
#include <boost/asio/io_context.hpp>
#include <http_client/client_limits.hpp>
#include <http_client/idle_connections.hpp>
#include <http_client/origin.hpp>
#include <http_client/service.hpp>

namespace upstream {

/// The same as async_client, by calls that block: connections are kept and requests repeated by the same rules.
///
/// Threads:   any; a thread that waits for the upstream holds no lock.
class blocking_client final : public blocking_service {
 public:
  explicit blocking_client(origin to, client_limits limits = {});

  response fetch(const request& what) override;

  /// Closes the connections that nobody uses; for the app's shutdown().
  void close_idle() noexcept { idle_.clear(); }

 private:
  const origin to_;
  const client_limits limits_;
  boost::asio::io_context sockets_;       // which nobody runs
  idle_connections idle_;
};

}  // namespace upstream
