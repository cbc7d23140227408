#include "counter_query.hpp"
#include <charconv>

namespace {

std::optional<unsigned> number_within(std::string_view text, unsigned least, unsigned most) {
  unsigned value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc{} || stop != end || value < least || value > most) return std::nullopt;
  return value;
}

// Takes what comes before `separator`, and the separator, off `text`.
std::string_view take_until(char separator, std::string_view& text) {
  const auto part = text.substr(0, text.find(separator));
  text.remove_prefix(part.size() < text.size() ? part.size() + 1 : part.size());
  return part;
}

}  // namespace

std::optional<counter_query> counter_query::parse(std::string_view query) {
  std::optional<unsigned> count, interval;
  while (!query.empty()) {
    auto pair = take_until('&', query);
    const auto name = take_until('=', pair);
    if (name == "count" && !count) count = number_within(pair, 1, 100'000);
    else if (name == "interval" && !interval) interval = number_within(pair, 0, 60'000);
    else return std::nullopt;
    if (name == "count" ? !count : !interval) return std::nullopt;
  }
  counter_query asked;
  if (count) asked.count = *count;
  if (interval) asked.interval = std::chrono::milliseconds(*interval);
  return asked;
}
