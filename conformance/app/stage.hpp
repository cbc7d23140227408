// stage.hpp - where requests are played: an app, a loop, and what exchanges find around them.
#pragma once
#include <deque>
#include "guarded_memory.hpp"
#include "performance.hpp"
#include "verdicts.hpp"
#include "watchdog.hpp"

namespace csgi::conformance {

/// An app neither goes on nor ends, whatever it is told: nothing more can be played with it.
struct hopeless {
  plan how;
  std::string reason;
  std::string transcript;
};

/// Threads:   one, the loop's.
class stage {
 public:
  /// Lifetime:  all borrowed; of the neighbours, what is asked for in views is not used.
  stage(application app, testing::test_loop& loop, testing::neighbours around, watchdog& dog, app_verdicts& verdicts)
      : app_(app), loop_(loop), around_(around), dog_(dog), verdicts_(verdicts) {
    around_.views = &memory_;
  }
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;
  ~stage() { settle(0); }

  /// Plays requests at the same time, each to its end.
  ///
  /// Errors:    throws hopeless.
  std::vector<performance> play(const std::vector<plan>& plans);

  /// Plays one, and judges it.
  performance play(const plan& p);

  /// Keeps its exchange for a while: what is done to it later is judged too.
  void keep(const plan& p, performance&& done);

 private:
  struct kept {
    std::string form;
    std::unique_ptr<testing::memory_exchange> exchange;
    std::size_t judged = 0;                 ///< of its misdeeds
  };

  performance prepare(const plan& p);
  void collect(const plan& p, performance& of);
  void speak(const app_request& r, performance& of, bool silent);
  void turn(const std::vector<plan>& plans, std::vector<performance>& all);
  void settle(std::size_t leave);

  application app_;
  testing::test_loop& loop_;
  testing::neighbours around_;
  watchdog& dog_;
  app_verdicts& verdicts_;
  guarded_memory memory_;
  std::deque<kept> kept_;
};

/// What one run shows, check by check.
void judge(const plan& p, const performance& done, app_verdicts& verdicts);

/// The check that a misuse breaks.
check check_of(testing::misuse what) noexcept;

}  // namespace csgi::conformance
