// csgi/background.hpp - extension: work that outlives the request it was begun in.
#pragma once
#include <csgi/task.hpp>
#include <csgi/to_thread.hpp>
#include <memory>
#include <optional>

namespace csgi { inline namespace v1 {

/// A coroutine to be run in the background, and what it needs.
class background_work : public work {
 public:
  virtual ~background_work() = default;

  /// Threads:   the one that background work runs on.
  virtual task<> make() = 0;
};

/// Every server has one for all its requests. Coroutines run one beside the other on a thread of their own, with lanes for
/// their blocking code. A graceful stop waits for them as long as the grace time lasts, then stops them and waits.
class background {
 public:
  static constexpr extension_id id{"csgi.background", touches::nothing};

  /// Runs `w` later. What it throws is told to the operator.
  ///
  /// Threads:   any.
  /// Errors:    resource_unavailable_try_again, where too many are running; operation_canceled, where the server is
  ///            stopping and its requests have ended; not_enough_memory.
  virtual std::error_code begin(std::unique_ptr<background_work> w) noexcept = 0;

 protected:
  ~background() = default;
};

/// Runs `f()` behind the request or the startup that calls this: f is a function that gives a task, or one that may block.
///
///   csgi::in_background(ex, [letter = std::move(letter)]() -> csgi::task<> { … });
///
/// `where` is an exchange's front or a server_context.
/// Lifetime:  `f` lives until what it gives has ended; it must not hold the exchange nor views of the request.
/// Errors:    overloaded; cancelled; error(operation_not_supported), where the server has no background.
template <class Where, class F>
void in_background(Where&& where, F f) {
  struct job final : background_work {
    explicit job(F&& function) : call(std::move(function)) {}
    task<> make() override { return perform(*this); }
    static task<> perform(job& self) {
      if constexpr (std::is_same_v<std::invoke_result_t<F&>, task<>>) {
        co_await self.call();
      } else {
        auto on_lane = to_thread([&self] { self.call(); });
        co_await on_lane;
      }
    }
    F call;
  };
  auto* const there = where.template find<background>();
  if (!there) raise(std::make_error_code(std::errc::operation_not_supported), "in_background");
  if (const auto refused = there->begin(std::make_unique<job>(std::move(f)))) raise(refused, "in_background");
}

}}  // namespace csgi::v1
