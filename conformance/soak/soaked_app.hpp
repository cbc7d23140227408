// soaked_app.hpp - an app that is to be tried, and what clients may find there.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace csgi::soak {

/// What is said on an app's WebSockets.
enum class talk : unsigned char { none, echo, chat };

/// In arguments {data} is a directory of files, {spool} an empty one that it may fill, {NAME} the port of a helper.
struct soaked_app {
  std::string name;
  std::vector<std::string> arguments = {};
  std::vector<std::string> helpers = {};                ///< bundled apps that are served beside it, for it to ask
  std::vector<std::string> requests = {};               ///< files of requests, beside those that every app gets
  std::vector<std::string> short_targets = {"/"};       ///< answered at once; the first one is asked for again and again
  std::string echo = {};                                ///< a body that is sent there comes back
  std::string large = {};                               ///< more than fits into what lies between a server and its client
  std::string counter = {};                             ///< lines that count from 1 on, for longer than anybody listens
  std::string events = {};                              ///< server-sent events
  talk talks = talk::none;
  std::string websocket = {};                           ///< where
};

/// Every app that comes with the servers.
std::vector<soaked_app> bundled_apps();

/// What those are told that would else let their clients wait, as services far away do.
std::vector<std::string> without_delay();

/// Any other plug-in, of which nothing is known.
soaked_app unknown_app(const std::string& path);

}  // namespace csgi::soak
