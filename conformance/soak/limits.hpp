// limits.hpp - what the servers are told, so that clients can go beyond it in no time.
#pragma once
#include <chrono>
#include <csgi/conformance/subject.hpp>
#include <vector>

namespace csgi::soak {

inline constexpr std::size_t longest_line = 8 << 10;
inline constexpr std::size_t largest_head = 16 << 10;
inline constexpr std::size_t most_fields = 100;
inline constexpr std::size_t largest_body = 2 << 20;
inline constexpr std::size_t largest_message = 64 << 10;         ///< that a WebSocket's app takes whole
inline constexpr std::size_t most_connections = 400;             ///< of one address
inline constexpr std::chrono::milliseconds write_deadline{1'500};
inline constexpr std::chrono::milliseconds other_deadlines{1'000};

/// Nobody who behaves gets there: these are for those who never end.
inline constexpr std::size_t most_connections_of_all = 10 * most_connections;
inline constexpr std::chrono::milliseconds queue_deadline{5'000};
inline constexpr std::chrono::milliseconds app_deadline{60'000};

/// How long anything may take that the server has to do, on a machine that has much else to do.
inline constexpr std::chrono::milliseconds patience_with_it{20'000};

inline std::vector<conformance::server_option> told_options() {
  const auto time = [](std::chrono::milliseconds t) { return std::to_string(t.count()) + "ms"; };
  return {
      {"limit-line", std::to_string(longest_line)},
      {"limit-head", std::to_string(largest_head)},
      {"limit-fields", std::to_string(most_fields)},
      {"limit-body", std::to_string(largest_body)},
      {"limit-websocket-message", std::to_string(largest_message)},
      {"limit-connections", std::to_string(most_connections_of_all)},
      {"limit-connections-per-address", std::to_string(most_connections)},
      {"limit-requests-per-connection", "5000"},
      {"deadline-head", time(other_deadlines)},
      {"deadline-body", time(other_deadlines)},
      {"deadline-write", time(write_deadline)},
      {"deadline-first-byte", time(2 * other_deadlines)},
      {"deadline-idle", time(2 * other_deadlines)},
      {"deadline-queue", time(queue_deadline)},
      {"deadline-app", time(app_deadline)},
      {"deadline-websocket-ping", time(other_deadlines)},
      {"deadline-websocket-close", time(other_deadlines)},
      {"grace", "3s"},
      {"log-level", "error"},
  };
}

}  // namespace csgi::soak
