// supervision.hpp - how worker processes are looked after: plain values.
#pragma once
#include <chrono>
#include <csgi/stop_on_signal.hpp>

namespace csgi::cli {

struct supervision {
  unsigned workers = 0;                             ///< 0: there is no supervisor
  std::chrono::milliseconds restart_first{100};     ///< before a worker that has ended is started again; see restart_delay
  std::chrono::milliseconds restart_most{30'000};
  std::chrono::milliseconds grace{10'000};          ///< that workers give their requests at a stop
  std::chrono::milliseconds startup{60'000};        ///< until a worker serves, else it is killed; 0: as long as it takes
  std::chrono::milliseconds same_wish = stop_on_signal::same_wish;    ///< a signal so soon after the last is taken for the same
  bool has_companion = false;                       ///< a process beside them, that of the status; see supervisor_events::accompany()
  std::chrono::milliseconds ending{5'000};          ///< beyond that, for one that is replaced, before the next one's turn comes
};

}  // namespace csgi::cli
