// running_server.hpp - a subject at work, on a core of its own; nothing of it is left at the end.
#pragma once
#include "child_process.hpp"
#include "subject.hpp"
#include <map>

namespace csgi::bench {

/// Under what a server runs.
struct circumstances {
  int core;
  std::vector<std::string> under = {};                  ///< a program that runs it, with its words
  std::map<std::string, std::string> environment = {};
};

class running_server {
 public:
  /// Returns when it listens.
  ///
  /// Errors:    std::runtime_error and std::system_error where it does not start.
  running_server(const subject& what, const directories& in, const circumstances& with);
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;
  ~running_server();

  const std::string& url() const noexcept { return url_; }      ///< "http://127.0.0.1:8000"
  pid_t id() const noexcept { return group_; }

  /// Asks it to end, and blocks until it has, some seconds at most: then it is killed.
  void stop();

 private:
  class given_socket;
  running_server(const subject& what, const directories& in, const circumstances& with, const given_socket& socket);
  void wait_until_it_answers();
  bool ends_within(std::chrono::milliseconds time) const;

  child_process process_;
  const pid_t group_;       // a server's workers are in it, too
  std::string url_;
};

}  // namespace csgi::bench
