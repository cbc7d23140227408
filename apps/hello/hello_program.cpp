// hello_program.cpp - the smallest app linked with a server into a program of its own.
#include "hello_async.hpp"
#include <csgi/evented/server.hpp>
#include <csgi/stop_on_signal.hpp>
#include <cstdio>
#include <exception>

int main() {
  try {
    hello_async app;
    csgi::server_options options;
    options.port = 0;                               // any free one
    csgi::evented::server server(options);          // csgi::threaded::server serves it as well
    const csgi::stop_on_signal stops(server);       // SIGINT and SIGTERM
    std::printf("http://127.0.0.1:%u\n", static_cast<unsigned>(server.port()));
    std::fflush(stdout);
    server.run(app);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hello: %s\n", error.what());
    return 1;
  }
}
