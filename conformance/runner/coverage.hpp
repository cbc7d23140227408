// coverage.hpp - how much of each chapter the wire suite reaches, and what it found there.
#pragma once
#include <array>
#include "report.hpp"

namespace csgi::conformance {

struct chapter_coverage {
  std::string chapter;
  std::array<std::size_t, standings> count{};   ///< clauses on servers that show on the wire, by standing

  std::size_t of(standing s) const noexcept { return count[static_cast<unsigned char>(s)]; }
  std::size_t built() const noexcept;           ///< all but the planned
  std::size_t with_case() const noexcept;
};

/// By chapter, in the order of the text.
std::vector<chapter_coverage> coverage_of(const report& r);

/// All chapters together, under that name.
chapter_coverage sum_of(const std::vector<chapter_coverage>& chapters, std::string name);

/// Duties of servers, built and visible on the wire, that no case of this program judges.
std::vector<const clause*> musts_without_case();

}  // namespace csgi::conformance
