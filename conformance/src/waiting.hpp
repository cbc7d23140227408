// waiting.hpp - asking again and again, for what tells nobody when it happens.
#pragma once
#include <chrono>
#include <thread>

namespace csgi::conformance {

/// Whether `happened` gives true before `time` is over.
template <class Happened>
bool wait_for(std::chrono::milliseconds time, Happened happened) {
  using namespace std::chrono_literals;
  const auto until = std::chrono::steady_clock::now() + time;
  while (!happened()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

constexpr std::chrono::milliseconds start_patience{15'000};
constexpr std::chrono::milliseconds end_patience{10'000};

}  // namespace csgi::conformance
