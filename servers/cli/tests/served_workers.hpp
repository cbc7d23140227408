// served_workers.hpp - csgi serve with several processes, and what it tells of them.
#pragma once
#include <algorithm>
#include "served_command.hpp"

using words = std::vector<std::string>;

inline words serve(const std::string& app, const std::string& server, unsigned workers, words more = {}) {
  words all{CSGI_COMMAND, "serve", app, "--server", server, "--workers", std::to_string(workers), "--port", "0", "--no-access-log"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// The next line on standard error that has all of these words in it.
inline std::string line_with(child_process& server, const words& wanted) {
  for (;;) {
    auto line = server.error_line();
    if (std::ranges::all_of(wanted, [&](const auto& each) { return line.find(each) != std::string::npos; })) return line;
  }
}

/// The number behind "worker " in a line.
inline pid_t worker_in(const std::string& line) { return std::stoi(line.substr(line.find("worker ") + 7)); }

inline std::vector<pid_t> workers_of(child_process& server, unsigned count) {
  std::vector<pid_t> all;
  while (all.size() < count) all.push_back(worker_in(line_with(server, {"worker ", " serves"})));
  return all;
}
