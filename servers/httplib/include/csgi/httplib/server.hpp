// csgi/httplib/server.hpp - a server on cpp-httplib, made of what everybody can have.
#pragma once
#include <csgi/server.hpp>
#include <memory>

namespace csgi::httplib {

/// cpp-httplib listens, accepts, gives each connection a thread and parses heads. Blocking apps run on that thread, async ones
/// too, by csgi::as_blocking.
///
/// What of the specification cannot be done on it is in servers/httplib/README.md.
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

}  // namespace csgi::httplib
