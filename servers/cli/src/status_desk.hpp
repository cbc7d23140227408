// status_desk.hpp - tells how the server fares, on an address of its own.
#pragma once
#include <csgi/status/status_app.hpp>
#include <csgi/threaded/server.hpp>
#include <string>
#include <thread>
#include "console.hpp"

namespace csgi::cli {

/// A server with a single thread beside the one it tells of, from its making to its end.
class status_desk {
 public:
  /// Lifetime:  all are borrowed but the strings.
  /// Errors:    those of a server's constructor; std::system_error where there are no threads.
  status_desk(const std::string& host, std::uint16_t port, server& of, const status::traffic& seen, std::string name);
  status_desk(const status_desk&) = delete;
  status_desk& operator=(const status_desk&) = delete;
  ~status_desk();

 private:
  static server_options options_of(const std::string& host, std::uint16_t port, server_observer& observer);

  const std::string name_;
  console terminal_;
  status::status_app app_;
  threaded::server server_;
  std::thread thread_;
};

}  // namespace csgi::cli
