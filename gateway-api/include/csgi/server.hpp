// csgi/server.hpp - the contract between a server and who launches it.
#pragma once
#include <csgi/application.hpp>
#include <csgi/server_load.hpp>
#include <csgi/server_options.hpp>

namespace csgi { inline namespace v1 {

/// A server, constructed from server_options. Its constructor binds the address, so that port() is known:
///
///   csgi::evented::server server({.port = 0});
///
/// Errors:    the constructor throws std::system_error when the address cannot be had (address_in_use), and
///            std::invalid_argument for options that make no sense.
class server {
 public:
  virtual ~server() = default;

  /// Serves `app` until stop(). Called once.
  ///
  /// Blocks:    until every request has ended. What still runs when the grace time after stop() is over is asked to
  ///            end, and waited for.
  /// Lifetime:  `app` is borrowed until it returns.
  virtual void run(application app) = 0;

  /// Asks run() to return: no new connections, idle ones closed, running requests finished within the grace
  /// time. A second call ends the grace time at once. Before run(), makes it return at once.
  ///
  /// Threads:   any; safe in a signal handler.
  virtual void stop() noexcept = 0;

  /// The port it is bound to.
  virtual std::uint16_t port() const noexcept = 0;

  /// What it has to do at the moment.
  ///
  /// Threads:   any.
  virtual server_load load() const noexcept { return {}; }
};

}}  // namespace csgi::v1
