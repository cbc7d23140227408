// csgi/beast/server.hpp - a server on Boost.Beast and Boost.Asio, made of what everybody can have.
#pragma once
#include <csgi/server.hpp>
#include <memory>

namespace csgi::beast {

/// Runs async apps on one event loop, and blocking ones on the lanes of their requests, by csgi::as_async.
///
/// What of the specification it leaves out is in servers/beast/README.md.
class server final : public csgi::server {
 public:
  explicit server(const server_options& options);
  ~server() override;

  void run(application app) override;
  void stop() noexcept override;
  std::uint16_t port() const noexcept override;
  server_load load() const noexcept override;     ///< whether it drains, and no more

 private:
  class implementation;
  std::unique_ptr<implementation> self_;
};

}  // namespace csgi::beast
