#include "byte_range.hpp"
#include <algorithm>
#include <charconv>
#include <csgi/field.hpp>
#include <limits>

namespace {

std::string_view trimmed(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \t,"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t,") + 1);
}

// A position beyond what fits is beyond every file, too.
std::optional<std::uint64_t> position(std::string_view digits) noexcept {
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::uint64_t value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return result.ec == std::errc{} ? value : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

byte_range byte_range::parse(std::string_view value, std::uint64_t size) noexcept {
  const byte_range whole{kind::whole, 0, size}, unsatisfiable{kind::unsatisfiable, 0, 0};
  constexpr std::string_view unit = "bytes=";
  if (!csgi::same_name(value.substr(0, unit.size()), unit)) return whole;
  const auto range = trimmed(value.substr(unit.size()));
  const auto dash = range.find('-');
  if (dash == std::string_view::npos) return whole;
  const auto before = range.substr(0, dash), after = range.substr(dash + 1);
  const auto first = position(before), last = position(after);

  if (before.empty()) {
    if (!last) return whole;
    if (*last == 0) return unsatisfiable;
    if (size == 0) return whole;  // satisfiable, but no Content-Range can say so
    const auto count = std::min(*last, size);
    return {kind::part, size - count, count};
  }
  if (!first || (!last && !after.empty()) || (last && *last < *first)) return whole;
  if (*first >= size) return unsatisfiable;
  const auto end = last ? std::min(*last, size - 1) : size - 1;
  return {kind::part, *first, end - *first + 1};
}
