// csgi/status/metrics.hpp - what is known of a server, as text that Prometheus collects.
#pragma once
#include <csgi/server_load.hpp>
#include <csgi/status/traffic.hpp>
#include <string>

namespace csgi::status {

/// The media type of it.
inline constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

/// Every line with help and type; what was never counted has no line.
///
/// Errors:    std::bad_alloc.
std::string metrics_of(const traffic& seen, const server_load& now, std::string_view server);

}  // namespace csgi::status
