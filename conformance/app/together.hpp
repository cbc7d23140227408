// together.hpp - requests at the same time, on several threads and several on each.
#pragma once
#include <set>
#include "messages.hpp"
#include "trials.hpp"

namespace csgi::conformance {

/// A loop of another thread, and what is played there. Both stay when the thread has ended, since an app that has kept an
/// exchange may still call it.
struct other_stage {
  other_stage(application app, testing::neighbours around, watchdog& dog, app_verdicts& verdicts)
      : loop(testing::time_flow::skipped, std::chrono::milliseconds(50)), here(app, loop, around, dog, verdicts) {}

  testing::test_loop loop;
  stage here;
};

/// What everything else is found with: the app, and the client that has started it.
struct surroundings {
  application app;
  testing::test_loop& loop;           ///< this thread's
  testing::neighbours around;
  watchdog& dog;
  app_verdicts& verdicts;
  whereabouts& where;
  std::vector<std::unique_ptr<other_stage>>& others;
};

/// Each answer is to be what it is when the request is alone; `alone` knows.
void play_together(const surroundings& s, trials& alone, const std::vector<app_request>& requests,
                   const std::set<std::size_t>& without, unsigned threads);

}  // namespace csgi::conformance
