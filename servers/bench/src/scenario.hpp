// scenario.hpp - what is done to each server, and what is told of it.
#pragma once
#include "subject.hpp"
#include <chrono>
#include <functional>

namespace csgi::bench {

/// How much of a figure the table has room for; JSON has all of it.
enum class detail : unsigned char {
  all,            ///< median, least and most, and those of its ratio to the floor's
  ratio,          ///< median, and all of the ratio
  medians,        ///< of both
  no_ratio,       ///< median, least and most; where the floor has next to nothing, a ratio to it says nothing, in JSON neither
};

/// One figure of a scenario.
struct metric {
  std::string key;          ///< in JSON: "cpu_microseconds_per_request"
  std::string title;        ///< in the table: "CPU µs/request"
  detail shown = detail::all;
};

struct cores {
  int server;
  int client;
};

/// How each server is measured.
struct conditions {
  directories in;
  cores on;
  std::chrono::duration<double> time;       ///< of each measurement
  std::chrono::duration<double> warm_up;    ///< before it; fills caches, pools and the connection table
};

struct measurement {
  std::vector<std::optional<double>> figures;   ///< one for each metric, where it could be had
  double foreign_share = 0;                     ///< of the server core's time, spent by other programs
};

/// Its words for a server and a time in seconds.
using client_command = std::function<std::vector<std::string>(const directories& in, const std::string& url, double seconds)>;

/// How thoroughly servers are compared.
enum class thoroughness : unsigned char { quick, whole };

struct scenario {
  std::string name;
  workload asks_for;
  std::vector<metric> metrics;
  std::function<measurement(const subject&, const conditions&)> measure;
  thoroughness part_of = thoroughness::whole;   ///< quick: of both
  std::function<std::optional<std::string>()> obstacle = {};    ///< why it cannot be done here, if it cannot
  bool repeatable = false;                      ///< gives the same each time: once is enough
};

std::vector<scenario> all_scenarios();

}  // namespace csgi::bench
