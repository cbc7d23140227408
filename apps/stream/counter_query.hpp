// counter_query.hpp - what a client may ask of the counter.
#pragma once
#include <chrono>
#include <optional>
#include <string_view>

struct counter_query {
  unsigned count = 10;
  std::chrono::milliseconds interval{1000};

  /// From "count=3&interval=100", both optional; nothing for unknown or repeated names and for numbers out of bounds.
  static std::optional<counter_query> parse(std::string_view query);
};
