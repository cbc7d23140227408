// probe.hpp - an app that misbehaves, or behaves, as its path says; one definition for both kinds.
#pragma once
#include <csgi/app.hpp>
#include <csgi/middleware.hpp>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

namespace csgi::tests {

/// What the probe saw, for the test to wait for.
class witness {
 public:
  void note(std::string what);
  /// Waits ten seconds at most. Gives whether it was noted.
  bool saw(const std::string& what);
  std::size_t count(const std::string& what);
  std::vector<std::string> all();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> seen_;
};

/// A gate that handlers of blocking apps wait at.
class gate {
 public:
  void open();
  void pass();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

/// The probe's behaviour. Around a blocking exchange every await completes at once.
class probe {
 public:
  probe();
  task<> answer(async_exchange ex);

  witness seen;
  gate door;
  std::atomic<int> calls{0};

 private:
  using behaviour = task<> (*)(async_exchange, probe&);
  std::map<std::string, behaviour, std::less<>> behaviours_;
};

class async_probe final : public async_app {
 public:
  explicit async_probe(probe& p) noexcept : probe_(p) {}
  task<> http(async_exchange ex) override { return probe_.answer(ex); }

 private:
  probe& probe_;
};

class blocking_probe final : public blocking_app {
 public:
  explicit blocking_probe(probe& p) noexcept : probe_(p) {}
  void http(blocking_exchange ex) override { drive(probe_.answer(async_exchange(ex.raw()))); }

 private:
  probe& probe_;
};

}  // namespace csgi::tests
