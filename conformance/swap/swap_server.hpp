// swap_server.hpp - a server that an app is to run on, as a command.
#pragma once
#include <stdexcept>
#include <string>
#include <vector>

namespace csgi::conformance {

struct swap_server {
  std::string name;                   ///< in reports
  std::vector<std::string> command;   ///< with {app} and {port} in its words
};

/// From "csgi serve {app} --port {port} -- {arguments}", or "NAME=csgi serve …". Words are parted and quoted as in a shell,
/// which none is started for. The app's arguments are put in the place of the word {arguments}.
///
/// Errors:    std::invalid_argument, whose what() tells in one line what is wrong.
swap_server to_swap_server(const std::string& text, const std::vector<std::string>& arguments);

/// Gives a name to each that has none, and to no two the same one.
void name_all(std::vector<swap_server>& servers);

}  // namespace csgi::conformance
