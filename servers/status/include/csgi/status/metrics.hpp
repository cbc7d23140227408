// csgi/status/metrics.hpp - what is known of a server, as text that Prometheus collects.
#pragma once
#include <csgi/server_load.hpp>
#include <csgi/status/counts.hpp>
#include <span>
#include <string>
#include <sys/types.h>

namespace csgi::status {

/// The media type of it.
inline constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

/// One of several worker processes.
struct worker_facts {
  unsigned place = 0;           ///< which of them; a successor has the same
  pid_t process = 0;            ///< that serves there; 0: none does
  std::uint64_t starts = 0;
};

/// Every line with help and type; what was never counted has no line.
///
/// Errors:    std::bad_alloc.
std::string metrics_of(const counts& seen, const server_load& now, std::string_view server);

/// Of workers together: what they counted, and what they have to do, as sums; the worst lag; and of each its own.
std::string metrics_of(const counts& seen, const server_load& now, std::string_view server, std::span<const worker_facts> workers);

}  // namespace csgi::status
