// console.hpp - tells the operator on standard output and standard error.
#pragma once
#include <csgi/server_observer.hpp>
#include <string>
#include <unistd.h>
#include "service_manager.hpp"

namespace csgi::cli {

/// The URL and the access log go to standard output, messages to standard error. Each line is one write() of at most
/// PIPE_BUF bytes, so that lines of several threads never mix; what is too long for that is cut. A line that would have to
/// wait, because a pipe is full that nobody reads, is dropped.
class console final : public server_observer {
 public:
  struct settings {
    std::string what;                             ///< follows the URL: "hello (async) on evented"
    bool access_log;
    log_level least_level;
    int ready_goes_to = STDOUT_FILENO;            ///< a descriptor: the line with the URL
    const service_manager* manager = nullptr;     ///< borrowed; is told behind that line
  };

  explicit console(settings with) : with_(std::move(with)) {}

  /// A line that follows that of the URL. Requires: the server does not run yet.
  void announce(std::string line) { announced_ = std::move(line); }

  void ready(const endpoint& where) noexcept override;
  void log(log_level level, std::string_view message) noexcept override;
  bool wants_access() const noexcept override { return with_.access_log; }
  void access(const access_record& record) noexcept override;

 private:
  settings with_;
  std::string announced_;
};

/// Writes "csgi: " and the message to standard error, as one line.
void complain(std::string_view message) noexcept;

}  // namespace csgi::cli
