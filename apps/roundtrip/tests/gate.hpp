// gate.hpp - an upstream that answers when the test wants it to.
#pragma once
#include <condition_variable>
#include <csgi/app.hpp>
#include <mutex>

class gate final : public csgi::blocking_app {
 public:
  void http(csgi::blocking_exchange ex) override {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    lock.unlock();
    ex.respond(200, "application/json", R"({"sky": "clear"})");
  }

  void await(unsigned requests) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= requests; });
  }

  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;                      // of what follows
  std::condition_variable changed_;
  unsigned arrived_ = 0;
  bool open_ = false;
};
