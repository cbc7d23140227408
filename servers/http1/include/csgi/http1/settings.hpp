// csgi/http1/settings.hpp - what all connections of a server share.
#pragma once
#include <atomic>
#include <csgi/background.hpp>
#include <csgi/server_info.hpp>
#include <csgi/server_observer.hpp>
#include <csgi/server_options.hpp>
#include <csgi/serving/websocket_settings.hpp>
#include <csgi/thread_pool.hpp>

namespace csgi::http1 {

/// Threads:   immutable while connections live, but for what is atomic.
struct settings {
  server_limits limits;
  server_deadlines deadlines;
  std::string root_path;
  served_paths paths = served_paths::any;
  std::string app_name;
  std::string_view product = "csgi";    ///< the Server field's value; static
  server_info info;
  server_observer* observer = nullptr;  ///< never null
  thread_lender* threads = nullptr;     ///< for blocking code of async apps; null: there are no lanes
  csgi::background* background = nullptr;     ///< of the app that is served; null: there is none
  websocket_settings websocket;
  bool blocking_websockets = false;     ///< a blocking app may keep its thread for a whole conversation
  mutable std::atomic<bool> told_of_those{false};     ///< that one has wanted to, and may not
  bool log_access = false;
  mutable std::atomic<std::uint64_t> numbers{0};    ///< blocks of request numbers that connections have taken
  std::atomic<bool> draining{false};    ///< the server is stopping: no connection is kept
};

}  // namespace csgi::http1
