// services_in_memory.hpp - for tests: services that answer as they are told, and note when.
#pragma once
#include <csgi/sleep.hpp>
#include <http_client/service.hpp>
#include <mutex>

/// What happened, in order.
class notes {
 public:
  void take(std::string what) {
    const std::lock_guard guard(mutex_);
    list_.push_back(std::move(what));
  }
  std::vector<std::string> all() const {
    const std::lock_guard guard(mutex_);
    return list_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> list_;
};

/// How a service behaves.
struct behaviour {
  std::string name;
  upstream::response answer = {};
  std::chrono::milliseconds takes{0};       ///< in the time of coroutines
  std::optional<upstream::failure> failure = {};
};

class async_service_in_memory final : public upstream::async_service {
 public:
  async_service_in_memory(const behaviour& how, notes& seen) : how_(how), seen_(seen) {}

 private:
  csgi::task<upstream::response> perform(const upstream::request& what) override { return answer(*this, what.target); }

  static csgi::task<upstream::response> answer(async_service_in_memory& self, std::string target) {
    self.seen_.take(self.how_.name + ' ' + target);
    co_await csgi::sleep_for(self.how_.takes);
    if (self.how_.failure) throw *self.how_.failure;
    self.seen_.take(self.how_.name + " answers");
    co_return self.how_.answer;
  }

  const behaviour& how_;
  notes& seen_;
};

class blocking_service_in_memory final : public upstream::blocking_service {
 public:
  blocking_service_in_memory(const behaviour& how, notes& seen) : how_(how), seen_(seen) {}

  upstream::response fetch(const upstream::request& what) override {
    seen_.take(how_.name + ' ' + what.target);
    if (how_.takes > what.timeout) throw upstream::failure(upstream::failure::kind::timed_out, "no whole answer");
    if (how_.failure) throw *how_.failure;
    seen_.take(how_.name + " answers");
    return how_.answer;
  }

 private:
  const behaviour& how_;
  notes& seen_;
};
