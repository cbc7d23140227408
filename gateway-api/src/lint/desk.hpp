// desk.hpp - where the reports of a lint go, and where its views are kept.
#pragma once
#include <array>
#include <atomic>
#include <csgi/exchange.hpp>
#include <mutex>
#include <optional>
#include <vector>
#include "view.hpp"

namespace csgi { inline namespace v1 {

/// Threads:   any.
class lint_desk {
 public:
  explicit lint_desk(lint_settings settings) noexcept : with(std::move(settings)) {}
  lint_desk(const lint_desk&) = delete;
  lint_desk& operator=(const lint_desk&) = delete;

  /// A view of that exchange, to be left() when it is not needed any more; null without memory.
  lint_view* admit(exchange& next, app_kind kind) noexcept;

  /// The view stays as it is until many others have been left, so that it can tell who calls it too late.
  void left(lint_view& view) noexcept;

  /// What is wrong with the number of a request, given those of the last ones; none: nothing. Who has the same number and was
  /// received at the same time is the same one. `connection` is equal for requests of one; 0: it is not known.
  std::optional<fault> judge_number(std::uint64_t number, clock::time_point received, std::uint64_t connection) noexcept;

  /// Hands on one report, if there were not too many: to `sink`, where there is one, and nobody else takes them.
  void take(lint_report report, log_sink* sink) noexcept;

  std::size_t reports() const noexcept { return reports_.load(std::memory_order_relaxed); }

  const lint_settings with;

 private:
  static constexpr std::size_t remembered = 64;

  struct arrival {
    std::uint64_t number = 0;
    clock::time_point received{};
    std::uint64_t connection = 0;
  };

  struct place {
    std::optional<lint_view> view;
    place* next = nullptr;
  };

  std::atomic<std::size_t> reports_{0};
  std::mutex mutex_;                      // of what follows
  std::vector<std::unique_ptr<place>> places_;
  place* first_ = nullptr;                // left, the longest ago
  place* last_ = nullptr;
  std::size_t waiting_ = 0;
  std::array<arrival, 256> by_number_{};
  std::array<arrival, 256> by_connection_{};
};

}}  // namespace csgi::v1
