// csgi/status/traffic.hpp - counts the requests of a server.
#pragma once
#include <atomic>
#include <csgi/server_observer.hpp>
#include <csgi/status/counts.hpp>

namespace csgi::status {

/// Stands between a server and the observer that it would have had, which hears everything as before.
///
/// Lifetime:  both are borrowed. Threads: any.
class traffic final : public server_observer {
 public:
  traffic(server_observer& behind, counts& to);

  void ready(const endpoint& where) noexcept override;
  void log(log_level level, std::string_view message) noexcept override { behind_.log(level, message); }
  bool wants_access() const noexcept override { return true; }
  void access(const access_record& record) noexcept override;

  /// Whether the server has accepted connections.
  bool is_ready() const noexcept { return ready_.load(std::memory_order_relaxed); }

  const counts& counted() const noexcept { return counts_; }

 private:
  server_observer& behind_;
  const bool tells_accesses_;
  counts& counts_;
  std::atomic<bool> ready_{false};
};

}  // namespace csgi::status
