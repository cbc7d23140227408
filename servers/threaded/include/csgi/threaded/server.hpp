// csgi/threaded/server.hpp - the blocking server: a thread for each running request, none for a connection.
#pragma once
#include <csgi/server.hpp>
#include <memory>

namespace csgi::threaded {

/// Runs both kinds of app on a fixed number of threads, which take turns at waiting for all connections together: there
/// is one more than options.threads, so that somebody always does.
///
/// A blocking app is called on one of them; an async app's coroutine is driven on one, by a small loop of its own.
/// Idle connections, requests that arrive slowly and finished responses that leave slowly hold no thread.
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

}  // namespace csgi::threaded
