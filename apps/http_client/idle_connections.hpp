// idle_connections.hpp - the connections to one upstream that nobody uses just now.
#pragma once
#include <cstddef>
#include <http_client/connection.hpp>
#include <mutex>
#include <optional>
#include <vector>

namespace upstream {

/// Threads:   any. Sockets are closed without the lock.
class idle_connections {
 public:
  explicit idle_connections(std::size_t most) noexcept : most_(most) {}
  idle_connections(const idle_connections&) = delete;
  idle_connections& operator=(const idle_connections&) = delete;

  /// The one used last that is quiet; those that are not are closed.
  std::optional<connection> take() noexcept;

  /// Keeps it, unless there are enough.
  void put(connection used);

  void clear() noexcept;

 private:
  const std::size_t most_;
  std::mutex mutex_;                      // of what follows
  std::vector<connection> kept_;
};

}  // namespace upstream
