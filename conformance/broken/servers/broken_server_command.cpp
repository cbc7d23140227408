// broken_server_command.cpp - hosts an app on a server that is broken on purpose: broken_server NAME APP PORT.
#include "broken_server.hpp"
#include <csgi/evented/server.hpp>
#include <csgi/plugin_library.hpp>
#include <csgi/stop_on_signal.hpp>
#include <csgi/threaded/server.hpp>
#include <cstdlib>
#include <iostream>

using namespace csgi;
using namespace csgi::conformance;

namespace {

std::unique_ptr<server> evented_server(const server_options& options) { return std::make_unique<evented::server>(options); }
std::unique_ptr<server> threaded_server(const server_options& options) { return std::make_unique<threaded::server>(options); }

/// A line for each: its name, the kind of apps that it is broken for, and what it breaks.
int list() {
  for (const auto& theme : broken_themes())
    for (const auto& each : theme.servers()) {
      std::cout << each.name << (each.blocking ? " blocking" : " async");
      for (const auto& id : each.breaks) std::cout << ' ' << id;
      std::cout << '\n';
    }
  return 0;
}

int serve(const broken_server& broken, const char* plugin, const char* port) {
  const plugin_library library(plugin);
  const auto app = library.make_app();
  server_options options;
  options.port = static_cast<std::uint16_t>(std::atoi(port));
  const auto made = broken.make(options, broken.blocking ? threaded_server : evented_server);
  const stop_on_signal stops(*made);
  made->run(app.get());
  return 0;
}

}  // namespace

int main(int count, char** words) try {
  if (count == 2 && std::string_view(words[1]) == "--list") return list();
  for (const auto& theme : broken_themes())
    for (const auto& each : theme.servers())
      if (count == 4 && each.name == words[1]) return serve(each, words[2], words[3]);
  std::cerr << "usage: broken_server NAME APP PORT, or broken_server --list\n";
  return 2;
} catch (const std::exception& failure) {
  std::cerr << "broken_server: " << failure.what() << '\n';
  return 2;
}
