// supervision.hpp - how worker processes are looked after: plain values.
#pragma once
#include <chrono>

namespace csgi::cli {

struct supervision {
  unsigned workers = 0;                             ///< 0: there is no supervisor
  std::chrono::milliseconds restart_first{100};     ///< before a worker that has ended is started again; see restart_delay
  std::chrono::milliseconds restart_most{30'000};
  std::chrono::milliseconds grace{10'000};          ///< that workers give their requests at a stop
  std::chrono::milliseconds ending{5'000};          ///< beyond that, for one that is replaced, before the next one's turn comes
};

}  // namespace csgi::cli
