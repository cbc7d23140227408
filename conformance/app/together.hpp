// together.hpp - requests at the same time, on several threads and several on each.
#pragma once
#include "messages.hpp"
#include "trials.hpp"

namespace csgi::conformance {

/// What everything else is found with: the app, and the client that has started it.
struct surroundings {
  application app;
  testing::test_loop& loop;           ///< this thread's
  testing::neighbours around;
  watchdog& dog;
  app_verdicts& verdicts;
  whereabouts& where;
};

/// Each answer is to be what it is when the request is alone; `alone` knows.
void play_together(const surroundings& s, trials& alone, const std::vector<app_request>& requests, unsigned threads);

}  // namespace csgi::conformance
