// csgi/posix/server_settings.hpp - checks server options, and fills in what connections share.
#pragma once
#include <csgi/http1/settings.hpp>

namespace csgi::posix {

class app_host;

/// The settings of a server called `name`.
///
/// Errors:    std::invalid_argument that names the option.
class server_settings : public http1::settings {
 public:
  server_settings(const server_options& options, std::string_view name);

  app_host* host = nullptr;     ///< while the server runs

 private:
  thread_pool lane_threads_;
};

/// Writes warnings and errors to stderr, a line each: the observer of servers that were given none.
server_observer& stderr_observer() noexcept;

}  // namespace csgi::posix
