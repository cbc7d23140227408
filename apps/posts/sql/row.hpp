// sql/row.hpp - what is bound to a statement, and what it gives.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sql {

/// NULL, a whole number, or text.
using value = std::variant<std::monostate, std::int64_t, std::string>;
using values = std::vector<value>;

/// One row of a result.
///
/// Errors:    std::bad_variant_access, for a column of another type; std::out_of_range, for one that is not there.
class row {
 public:
  explicit row(values columns) noexcept : columns_(std::move(columns)) {}

  std::int64_t number(std::size_t column) const { return std::get<std::int64_t>(columns_.at(column)); }
  const std::string& text(std::size_t column) const { return std::get<std::string>(columns_.at(column)); }

 private:
  values columns_;
};

using rows = std::vector<row>;

}  // namespace sql
