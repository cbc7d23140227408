// client_report.hpp - what a load generator has to say at its end: wrk, and ours, which say it in the same words.
#pragma once
#include <optional>
#include <string_view>

namespace csgi::bench {

struct client_report {
  double count;                         ///< what was answered
  double seconds;
  std::optional<double> p50, p99;       ///< microseconds that an answer took, where the generator tells
};

/// `unit` is what the generator counts: "request" for "12 requests in 1.00s". See wrk(1), with --latency.
///
/// Errors:    std::runtime_error for what is no such report, for one that counts nothing, and for one that tells of failures.
client_report parse_client_report(std::string_view text, std::string_view unit);

}  // namespace csgi::bench
