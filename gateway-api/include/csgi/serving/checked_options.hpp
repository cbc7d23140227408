// csgi/serving/checked_options.hpp - server options that make sense, and the observer of servers that were given none.
#pragma once
#include <csgi/server_observer.hpp>
#include <csgi/server_options.hpp>

namespace csgi { inline namespace v1 {

constexpr std::size_t largest_request_head = 60 * 1024;   ///< bytes; what limits.request_head can be

/// For a server's constructor.
///
/// Errors:    std::invalid_argument that names the option.
/// Spec:      CSGI-SERVER-004
void check(const server_options& options);

/// Writes warnings and errors to stderr, a line each; there is one in the process, and it stays.
///
/// Threads:   any, at the same time.
server_observer& stderr_observer() noexcept;

}}  // namespace csgi::v1
