// link.hpp - extension: how the lints around one request hear what each other has told.
#pragma once
#include <atomic>
#include <csgi/extension.hpp>
#include "fault.hpp"

namespace csgi { inline namespace v1 {

/// Some faults. Threads: any.
class fault_set {
 public:
  bool has(fault which) const noexcept { return word(which).load(std::memory_order_relaxed) & bit(which); }
  /// Whether it is new.
  bool add(fault which) noexcept { return !(word(which).fetch_or(bit(which), std::memory_order_relaxed) & bit(which)); }

 private:
  static std::uint64_t bit(fault which) noexcept { return std::uint64_t{1} << (static_cast<unsigned>(which) % 64); }
  std::atomic<std::uint64_t>& word(fault which) noexcept { return words_[static_cast<unsigned>(which) / 64]; }
  const std::atomic<std::uint64_t>& word(fault which) const noexcept { return words_[static_cast<unsigned>(which) / 64]; }

  std::atomic<std::uint64_t> words_[2]{};
};

/// What a lint offers to those within it.
struct lint_link {
  static constexpr extension_id id{"csgi.lint_link", touches::nothing};

  fault_set told;                         ///< by the lint that offers this
  fault_set told_inside;                  ///< of the app, by one within
  std::atomic<bool> others_inside{false};
};

}}  // namespace csgi::v1
