// back_off.hpp - how often a letter is tried, and after what pauses.
#pragma once
#include <algorithm>
#include <chrono>

struct back_off {
  std::chrono::seconds first{1};        ///< the pause before the second attempt; each is twice as long as the one before
  std::chrono::seconds longest{60};
  unsigned attempts = 8;                ///< then it is left to who opens the spool next

  /// The pause behind the attempt of that number, from 1 on.
  constexpr std::chrono::seconds behind(unsigned attempt) const noexcept {
    auto pause = std::min(first, longest);
    while (--attempt > 0 && pause < longest) pause = std::min(2 * pause, longest);
    return pause;
  }
};
