// churn_app.hpp - the app of the churn test: plain behaviours that count themselves, as either kind or both.
#pragma once
#include <csgi/app.hpp>
#include <csgi/middleware.hpp>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace csgi::tests {

/// Bytes whose every prefix is known.
std::string pattern(std::size_t size);

/// A thread that is no server's: it completes operations from outside.
class elsewhere {
 public:
  elsewhere() : thread_([this] { run(); }) {}
  ~elsewhere();

  void complete(operation& op, executor& where);

 private:
  struct errand {
    operation* op;
    executor* where;
  };
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<errand> errands_;
  bool over_ = false;
  std::thread thread_;
};

/// A request's path says what is done, its query how much: /hello, /echo, /skip, /whole?N, /stream?N, /throw, /nap and,
/// answered by a coroutine, /elsewhere.
class churn_app final : public composite_app {
 public:
  /// `kind`: composite runs each request by the kind that its query's last digit says.
  explicit churn_app(app_kind kind) noexcept : kind_(kind) {}

  application choose(const request& head) noexcept override;

  std::atomic<int> begun{0};    ///< requests that reached the app
  std::atomic<int> ended{0};    ///< their finish hooks that ran

 private:
  task<> answer(async_exchange ex);
  task<> answer_elsewhere(async_exchange ex);

  struct async_side final : async_app {
    explicit async_side(churn_app& a) noexcept : of(a) {}
    task<> http(async_exchange ex) override;
    churn_app& of;
  };
  struct blocking_side final : blocking_app {
    explicit blocking_side(churn_app& a) noexcept : of(a) {}
    void http(blocking_exchange ex) override;
    churn_app& of;
  };

  const app_kind kind_;
  async_side async_{*this};
  blocking_side blocking_{*this};
  elsewhere elsewhere_;
};

}  // namespace csgi::tests
