// csgi/status/traffic.hpp - counts the requests of a server.
#pragma once
#include <array>
#include <atomic>
#include <csgi/server_observer.hpp>
#include <memory>

namespace csgi::status {

/// Stands between a server and the observer that it would have had, which hears everything as before.
///
/// Threads:   any.
class traffic final : public server_observer {
 public:
  /// Upper bounds of a response's time, in milliseconds; above the last, there is no bound.
  static constexpr std::array<std::uint64_t, 14> bounds{1, 2, 5, 10, 25, 50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000, 60'000};

  /// Methods that are counted apart; the last one stands for every other, as clients may send any.
  static constexpr std::array<std::string_view, 8> methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"};

  static constexpr int first_status = 100, last_status = 599;

  /// Errors:    std::bad_alloc. Lifetime: `behind` is borrowed.
  explicit traffic(server_observer& behind);
  ~traffic() override;

  void ready(const endpoint& where) noexcept override;
  void log(log_level level, std::string_view message) noexcept override { behind_.log(level, message); }
  bool wants_access() const noexcept override { return true; }
  void access(const access_record& record) noexcept override;

  /// Whether the server has accepted connections.
  bool is_ready() const noexcept { return ready_.load(std::memory_order_relaxed); }

  std::uint64_t requests(std::size_t method, int status) const noexcept;
  std::uint64_t aborted() const noexcept { return aborted_.load(std::memory_order_relaxed); }
  std::uint64_t body_bytes() const noexcept { return body_bytes_.load(std::memory_order_relaxed); }

  /// Responses that took longer than the bound before this one, but not this: index bounds.size() has no bound.
  std::uint64_t took(std::size_t bound) const noexcept;

  /// All of them together.
  clock::duration time() const noexcept { return clock::duration(nanoseconds_.load(std::memory_order_relaxed)); }

 private:
  using counter = std::atomic<std::uint64_t>;
  struct table;

  server_observer& behind_;
  const bool tells_accesses_;
  std::unique_ptr<table> counts_;
  counter aborted_{0}, body_bytes_{0};
  std::atomic<clock::rep> nanoseconds_{0};
  std::atomic<bool> ready_{false};
};

}  // namespace csgi::status
