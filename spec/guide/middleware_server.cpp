// middleware_server.cpp - the guide's middleware around any app: with its server it is a server, which the suite judges.
#include <charconv>
#include <csgi/chain.hpp>
#include <csgi/evented/server.hpp>
#include <csgi/middleware/hooks.hpp>
#include <csgi/plugin_library.hpp>
#include <csgi/stop_on_signal.hpp>
#include <cstring>
#include <iostream>

/// Tells clients which edition of the site has answered them.
class edition final : public csgi::hooks {
 public:
  using hooks::hooks;
  void on_start(csgi::head_edit& head) override { head.fields.add("X-Edition", "7"); }
};

int main(int count, char** words) try {
  csgi::server_options options;
  const char* const port = count == 3 ? words[2] : "";
  if (std::from_chars(port, port + std::strlen(port), options.port).ec != std::errc{})
    throw std::invalid_argument("usage: middleware_server APP PORT");

  const csgi::plugin_library library(words[1]);
  const auto app = library.make_app({});
  csgi::chain behind{csgi::hooked<edition>(), app.get()};

  csgi::evented::server server(options);
  const csgi::stop_on_signal stops(server);
  server.run(behind);
} catch (const std::exception& error) {
  std::cerr << "middleware_server: " << error.what() << '\n';
  return 1;
}
