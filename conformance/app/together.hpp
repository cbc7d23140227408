// together.hpp - requests at the same time, on several threads and several on each.
#pragma once
#include <csgi/testing/another_loop.hpp>
#include <set>
#include "messages.hpp"
#include "trials.hpp"

namespace csgi::conformance {

/// A loop of another thread, and what is played there. Both stay when the thread has ended, since an app that has kept an
/// exchange may still call it.
struct other_stage {
  other_stage(application app, testing::client& beside, watchdog& dog, app_verdicts& verdicts)
      : home(beside, beside.options().time, std::chrono::milliseconds(50)),
        here(app, home.loop(), beside.around(), dog, verdicts) {}

  testing::another_loop home;
  stage here;
};

/// What everything else is found with: the app, and the client that has started it.
struct surroundings {
  application app;
  testing::client& client;            ///< whose loop is this thread's
  watchdog& dog;
  app_verdicts& verdicts;
  whereabouts& where;
  std::vector<std::unique_ptr<other_stage>>& others;
};

/// Each is to be answered, and to be answered as when it is alone, which `alone` knows, unless that differs by itself. Until that
/// time, but for some seconds at least.
void play_together(const surroundings& s, trials& alone, const std::vector<app_request>& requests,
                   const std::set<std::size_t>& without, unsigned threads, std::chrono::steady_clock::time_point until);

}  // namespace csgi::conformance
