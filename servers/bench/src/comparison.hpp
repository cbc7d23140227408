// comparison.hpp - the servers take turns, round after round, so that a drift of the machine meets all of them.
#pragma once
#include "scenario.hpp"
#include "spread.hpp"

namespace csgi::bench {

/// What all rounds say of one figure.
struct outcome {
  std::optional<spread> value;
  std::optional<spread> ratio;      ///< to the floor's of the same round
};

/// Of one server in one scenario: an outcome for each metric.
struct row {
  std::string server;
  std::vector<outcome> outcomes;
};

struct result {
  std::string scenario;
  std::vector<metric> metrics;
  std::vector<row> rows;            ///< the floor first, if it did not fail
  double foreign_share = 0;         ///< the largest
};

/// Why something is not among the results.
struct absentee {
  std::string name;                 ///< of a server or a scenario, or "server, scenario"
  std::string reason;
};

struct comparison {
  std::vector<result> results;
  std::vector<absentee> skipped;    ///< was not tried
  std::vector<absentee> failed;     ///< was tried
};

/// What `rounds` of measurements of each server come to. Where the first server is not the floor, nobody has ratios.
result evaluated(const scenario& of, const std::vector<std::string>& servers, const std::vector<std::vector<measurement>>& rounds);

/// Is told what happens while it does.
struct onlooker {
  std::function<void(const std::string& scenario, int round, const std::string& server)> begins;
  std::function<void(const result&)> is_done;
};

/// Leaves out, with a reason, what is not there.
comparison compare(std::vector<subject> subjects, std::vector<scenario> scenarios, const conditions& with, int rounds,
                   const onlooker& told);

}  // namespace csgi::bench
