// command_line.hpp - what the user asked for.
#pragma once
#include <csgi/log_sink.hpp>
#include <csgi/server_options.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>
#include "supervision.hpp"

namespace csgi::cli {

enum class verb : unsigned char { serve, inspect, show };

struct command {
  verb what = verb::show;
  std::string text;                               ///< show: what to print, and be done
  std::string app;                                ///< a path, or the name of a bundled app
  std::vector<std::string> app_arguments;         ///< what followed `--`
  std::string server = "evented";
  server_options options;
  std::string listens_at;                         ///< the option that says where, if any was given: "--host"
  std::string unix_path;                          ///< of a socket to listen at; empty: none
  unsigned unix_mode = 0660;                      ///< its permissions
  int descriptor = -1;                            ///< to listen with, as it was inherited; -1: none
  supervision supervised;
  std::optional<std::uint16_t> status_port;       ///< where to tell of health and metrics; none: nowhere
  std::string status_host = "127.0.0.1";
  bool access_log = true;
  bool lint = false;                              ///< the app is checked, and so is the server
  log_level least_level = log_level::info;
};

/// The command line makes no sense; what() says why in one line.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Errors:    usage_error.
command parse(int argc, const char* const* argv);

}  // namespace csgi::cli
