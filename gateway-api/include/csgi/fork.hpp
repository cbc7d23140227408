// csgi/fork.hpp - several awaitables that one coroutine has going at the same time.
#pragma once
#include <csgi/awaitable.hpp>
#include <span>
#include <tuple>
#include <variant>
#include <vector>

namespace csgi { inline namespace v1 {

/// What decides a fork: the first branch that fails, or the first that ends.
enum class decision : unsigned char { first_failure, first_end };

/// What when_all and when_any have in common. Begins branches in order, until one of them decides; then stops those that
/// run. Ends when all that were begun have ended.
///
/// Lifetime:  may be moved until it is begun.
class fork {
 public:
  static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

  explicit fork(decision by) noexcept : by_(by) {}

  void stop() noexcept {
    stopping_ = true;
    for (auto& branch : branches_) cancel(branch);
  }

  /// Which branch decided, or nobody.
  std::size_t decided() const noexcept { return decided_; }

  /// Whether it was stopped before all branches had been begun.
  bool cut_short() const noexcept { return begun_ < branches_.size(); }

 protected:
  /// Begins the parts in order, with a branch for each.
  template <class... A>
  begun begin(operation& waiter, std::span<operation> branches, std::tuple<A...>& parts, task_promise_base& parent) noexcept {
    return begin(waiter, branches, [&] {
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        (begin_branch(I, std::get<I>(parts), parent), ...);
      }(std::index_sequence_for<A...>());
    });
  }
  template <class A>
  begun begin(operation& waiter, std::span<operation> branches, std::vector<A>& parts, task_promise_base& parent) noexcept {
    return begin(waiter, branches, [&] {
      for (std::size_t i = 0; i < parts.size(); ++i) begin_branch(i, parts[i], parent);
    });
  }

 private:
  /// Begins it: `begin_all` calls begin_branch() for each, in order.
  template <class BeginAll>
  begun begin(operation& waiter, std::span<operation> branches, BeginAll begin_all) noexcept {
    waiter_ = &waiter;
    branches_ = branches;
    running_ = 1;                        // itself, so that it does not end before all are begun
    begin_all();
    return --running_ == 0 ? begun::completed : begun::pending;
  }

  template <class A>
  void begin_branch(std::size_t index, A& what, task_promise_base& parent) noexcept {
    if (stopping_) return;
    auto& branch = branches_[index];
    branch.owner = this;
    branch.server = &what;
    branch.stop = [](operation& b) noexcept { static_cast<A*>(b.server)->stop(); };
    branch.done = [](operation& b) noexcept {
      static_cast<fork*>(b.owner)->leave(b, static_cast<A*>(b.server)->failed());
    };
    ++begun_;
    ++running_;
    if (what.start(branch, parent) == begun::pending) return;
    note(branch, what.failed());
    --running_;
  }

  void note(operation& branch, bool failed) noexcept {
    branch.stop = nullptr;
    if (decided_ != nobody || !(failed || by_ == decision::first_end)) return;
    decided_ = static_cast<std::size_t>(&branch - branches_.data());
    stop();
  }

  void leave(operation& branch, bool failed) noexcept {
    note(branch, failed);
    if (--running_ == 0) waiter_->done(*waiter_);    // which may destroy all this
  }

  operation* waiter_ = nullptr;
  std::span<operation> branches_;
  std::size_t running_ = 0;
  std::size_t begun_ = 0;
  std::size_t decided_ = nobody;
  decision by_;
  bool stopping_ = false;
};

/// What awaiting an A gives, as something that can be kept: std::monostate for void.
template <class A>
using kept = std::conditional_t<std::is_void_v<decltype(std::declval<A&>().result())>, std::monostate,
                                std::remove_cvref_t<decltype(std::declval<A&>().result())>>;

/// Its result, as that.
template <class A>
kept<A> keep(A& ended) {
  if constexpr (!std::is_void_v<decltype(ended.result())>) return ended.result();
  else return ended.result(), std::monostate();
}

/// Whether these are all awaitables and given away, as arguments of type A&&; if not, it does not compile, and says why.
template <class... A>
consteval bool are_awaitables() {
  static_assert(!(std::is_lvalue_reference_v<A> || ...), "what is awaited is given away: std::move() it");
  static_assert((awaitable<std::remove_reference_t<A>> && ...), "a csgi::task or a csgi operation is needed here");
  return ((!std::is_lvalue_reference_v<A> && awaitable<A>) && ...);
}

}}  // namespace csgi::v1
