// server.cpp - see csgi/threaded/server.hpp.
#include "crew.hpp"
#include <csgi/threaded/server.hpp>

namespace csgi::threaded {

class server::implementation {
 public:
  explicit implementation(const server_options& options)
      : settings_(options, "threaded"), threads_(options.threads),
        crew_(settings_, options) {
    settings_.blocking_websockets = true;     // a thread for each conversation is what this server is about
  }

  void run(application app) { crew_.run(app, threads_); }
  void stop() noexcept { crew_.stop(); }
  std::uint16_t port() const noexcept { return crew_.port(); }
  server_load load() const noexcept { return crew_.load(); }

 private:
  posix::server_settings settings_;
  unsigned threads_;
  crew crew_;
};

server::server(const server_options& options) : self_(std::make_unique<implementation>(options)) {}
server::~server() = default;
void server::run(application app) { self_->run(app); }
void server::stop() noexcept { self_->stop(); }
std::uint16_t server::port() const noexcept { return self_->port(); }
server_load server::load() const noexcept { return self_->load(); }

}  // namespace csgi::threaded
