// A program with servers of its own. Each is asked to stop before it runs, so each returns at once.
#include <csgi/app.hpp>
#include <csgi/evented/server.hpp>
#include <csgi/stop_on_signal.hpp>
#include <csgi/threaded/server.hpp>
#include <cstdio>

struct hello final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override { ex.respond(200, "text/plain", "Hello\n"); }
};

template <class Server>
void serve(csgi::application app) {
  csgi::server_options options;
  options.port = 0;
  Server server(options);
  const csgi::stop_on_signal stops(server);
  server.stop();
  server.run(app);
}

int main() {
  hello app;
  serve<csgi::threaded::server>(app);
  serve<csgi::evented::server>(app);
  std::puts("served");
}
