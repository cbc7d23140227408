// html_clauses.hpp - the grid of the page: a row for each clause, a column for each server.
#pragma once
#include "report.hpp"

namespace csgi::conformance {

/// A standing as it looks on the page.
struct mark {
  std::string_view style;     ///< its class
  std::string_view sign;
};

mark mark_of(standing s) noexcept;

/// Every chapter with its table.
std::string html_chapters(const std::vector<report>& reports);

}  // namespace csgi::conformance
