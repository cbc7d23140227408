// csgi/evented/server.hpp - the event-loop server: coroutines on loops that share nothing.
#pragma once
#include <csgi/server.hpp>
#include <memory>

namespace csgi::evented {

/// Runs async apps on its loops, each of which accepts its own share of the connections (SO_REUSEPORT), and blocking
/// apps on a bounded pool of threads beside them.
class server final : public csgi::server {
 public:
  explicit server(const server_options& options);
  ~server() override;

  void run(application app) override;
  void stop() noexcept override;
  std::uint16_t port() const noexcept override;
  server_load load() const noexcept override;

 private:
  class implementation;
  std::unique_ptr<implementation> self_;
};

}  // namespace csgi::evented
