// swap.hpp - one app on several servers: can a client tell which of them it talks to?
#pragma once
#include <chrono>
#include <functional>
#include "app_request.hpp"
#include "swap_server.hpp"

namespace csgi::conformance {

struct swap_options {
  std::string plugin;
  std::vector<swap_server> servers;                       ///< two at least
  std::vector<app_request> requests = all_http_requests();
  std::vector<std::string> masks = {};                    ///< regular expressions: what they match in bodies is not compared
  std::vector<std::string> forbidden = {};                ///< regular expressions: what no server may write to standard error
  std::chrono::milliseconds patience{5'000};              ///< for anything a server has to do
  std::chrono::milliseconds enough{1'000};                ///< of a body: it is compared as far as it has come then
  std::function<void(std::size_t done, std::size_t due)> on_progress = {};   ///< called from one thread at a time
};

/// What servers do differently about one request.
struct difference {
  std::string request;
  std::string way;                    ///< how it was sent: "alone", "kept alive", "in pieces"
  std::string aspect;                 ///< "status", "field content-type", "body", "end"
  std::vector<std::string> seen;      ///< on each server, in their order; made visible
};

/// A line that a server wrote to standard error, and that is forbidden. Equal ones are told once.
struct forbidden_line {
  std::string server;
  std::string line;
  std::size_t times = 1;
};

struct swap_findings {
  std::size_t exchanges = 0;                ///< with each server
  std::vector<difference> differences;      ///< in the order of the requests
  std::vector<forbidden_line> forbidden;    ///< by server
  std::vector<std::string> notes;           ///< what could not be compared

  bool none() const noexcept { return differences.empty() && forbidden.empty(); }
};

/// Starts the app on each server, and sends it the same requests in the same order, in each way.
///
/// Not compared: Date, Server and what concerns the connection alone (Connection, Keep-Alive, Transfer-Encoding, the reason
/// phrase, whether it stays open, ports); and what an app answers differently on the same server, the first of which is played
/// to twice. WebSockets are compared among the servers that offer them to this app. A response that goes on for long is compared as far as it has come, and not asked for in other ways.
/// Threads:   one for each server.
/// Errors:    not_a_subject: a server does not start; std::invalid_argument: a mask, or what is forbidden, is no regular
///            expression.
swap_findings swap(const swap_options& options);

}  // namespace csgi::conformance
