// timing.hpp - what requests, or messages, cost a server under load.
#pragma once
#include "scenario.hpp"

namespace csgi::bench {

/// Two cores that this program may use.
///
/// Errors:    std::runtime_error where there are none.
cores two_cores();

/// CPU time of each `unit`, in microseconds, of the server's core as a whole: the client, on another, is the bottleneck of every
/// fast server, so that rates say little. Then units per second, and the median and 99th percentile of their time, if the client
/// tells these.
///
/// Errors:    std::runtime_error and std::system_error.
measurement measure_time(const subject& server, const conditions& with, const client_command& client, const std::string& unit);

}  // namespace csgi::bench
