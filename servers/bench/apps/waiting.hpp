// waiting.hpp - how long handlers of the waiting apps take: as those of queue_floor.
#pragma once
#include <chrono>
#include <string_view>

inline std::chrono::milliseconds time_for(std::string_view path) noexcept {
  return std::chrono::milliseconds(path == "/wait" ? 1 : path == "/slow" ? 10 : 0);
}
