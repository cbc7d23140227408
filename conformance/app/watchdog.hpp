// watchdog.hpp - ends the process when an app takes too long, having told what it did.
#pragma once
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace csgi::conformance {

/// Threads:   any.
class watchdog {
 public:
  /// Is told how long was waited, and has to end the process: nothing else ends a thread that does not go on.
  using bark = std::function<void(std::chrono::milliseconds)>;

  explicit watchdog(std::chrono::milliseconds patience);
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;
  ~watchdog();

  /// As long as it lives, the patience runs.
  class [[nodiscard]] leash {
   public:
    leash(watchdog& of, bark how);
    leash(const leash&) = delete;
    leash& operator=(const leash&) = delete;
    ~leash();

   private:
    friend class watchdog;
    watchdog& of_;
    const bark bark_;
    std::chrono::milliseconds left_;
    std::list<leash*>::iterator place_;
  };

 private:
  void run();
  void pass(std::chrono::milliseconds time);

  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::list<leash*> leashes_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace csgi::conformance
