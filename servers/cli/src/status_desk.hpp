// status_desk.hpp - tells how the server fares, on an address of its own.
#pragma once
#include <csgi/status/status_app.hpp>
#include <csgi/threaded/server.hpp>
#include <future>
#include <string>
#include <thread>

namespace csgi::cli {

/// Where to tell.
struct status_place {
  std::string host;
  std::uint16_t port = 0;
  int socket = -1;      ///< in place of both: a bound one
};

/// A server with a single thread beside what it tells of, from its making to its end.
class status_desk {
 public:
  /// It answers when this returns. What it has to say itself goes to `log`.
  ///
  /// Lifetime:  `of` and `log` are borrowed.
  /// Errors:    those of a server's constructor; std::system_error where there are no threads.
  status_desk(const status_place& where, const status::watched& of, server_observer& log);
  status_desk(const status_desk&) = delete;
  status_desk& operator=(const status_desk&) = delete;
  ~status_desk();

  std::uint16_t port() const noexcept { return server_.port(); }

 private:
  /// It is no server that users have asked for: that it is ready is told to nobody else.
  class messages final : public server_observer {
   public:
    explicit messages(server_observer& to) : to_(to) {}
    void ready(const endpoint&) noexcept override { answers.set_value(); }
    void log(log_level level, std::string_view message) noexcept override { to_.log(level, message); }

    std::promise<void> answers;

   private:
    server_observer& to_;
  };

  static server_options options_of(const status_place& where, server_observer& observer);

  messages messages_;
  status::status_app app_;
  threaded::server server_;
  std::thread thread_;
};

}  // namespace csgi::cli
