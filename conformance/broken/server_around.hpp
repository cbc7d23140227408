// server_around.hpp - a server whose app has something around it.
#pragma once
#include <csgi/server.hpp>
#include <functional>
#include <memory>

namespace csgi::conformance {

class server_around final : public csgi::server {
 public:
  /// Runs the inner server with what it makes of the app.
  using serve = std::function<void(csgi::server& inner, application app)>;

  server_around(std::unique_ptr<csgi::server> inner, serve with) : inner_(std::move(inner)), with_(std::move(with)) {}
  void run(application app) override { with_(*inner_, app); }
  void stop() noexcept override { inner_->stop(); }
  std::uint16_t port() const noexcept override { return inner_->port(); }

 private:
  std::unique_ptr<csgi::server> inner_;
  serve with_;
};

}  // namespace csgi::conformance
