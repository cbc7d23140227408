// csgi/when_all.hpp - several things at the same time, all of which are needed.
#pragma once
#include <array>
#include <csgi/fork.hpp>
#include <csgi/task.hpp>

namespace csgi { inline namespace v1 {

template <awaitable... A>
class [[nodiscard("the tasks run only when when_all is awaited")]] all_of : fork {
 public:
  explicit all_of(A&&... parts) noexcept : fork(decision::first_failure), parts_(std::move(parts)...) {}

  begun start(operation& waiter, task_promise_base& parent) noexcept {
    return begin(waiter, ends_, parts_, parent);
  }

  using fork::stop;
  bool failed() const noexcept { return decided() != nobody || cut_short(); }

  std::tuple<kept<A>...> result() {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((decided() == I ? void(std::get<I>(parts_).result()) : void()), ...);
      if (cut_short()) raise(std::make_error_code(std::errc::operation_canceled), "when_all");
      return std::tuple<kept<A>...>{keep(std::get<I>(parts_))...};
    }(std::index_sequence_for<A...>());
  }

  awaiter<all_of> operator co_await() && noexcept { return awaiter<all_of>(*this); }

  template <class Never = void>
  std::suspend_never operator co_await() const& noexcept {
    static_assert(!std::is_void_v<Never>, "a when_all is awaited once: co_await it where it is made, or co_await std::move(both)");
    return {};
  }

 private:
  std::tuple<A...> parts_;
  std::array<operation, sizeof...(A)> ends_{};
};

template <awaitable A>
class [[nodiscard("the tasks run only when when_all is awaited")]] all_of_range : fork {
 public:
  explicit all_of_range(std::vector<A> parts) : fork(decision::first_failure), parts_(std::move(parts)), ends_(parts_.size()) {}

  begun start(operation& waiter, task_promise_base& parent) noexcept {
    return begin(waiter, ends_, parts_, parent);
  }

  using fork::stop;
  bool failed() const noexcept { return decided() != nobody || cut_short(); }

  auto result() {
    if (decided() != nobody) static_cast<void>(parts_[decided()].result());
    if (cut_short()) raise(std::make_error_code(std::errc::operation_canceled), "when_all");
    if constexpr (!std::is_same_v<kept<A>, std::monostate>) {
      std::vector<kept<A>> values;
      values.reserve(parts_.size());
      for (auto& part : parts_) values.push_back(part.result());
      return values;
    }
  }

  awaiter<all_of_range> operator co_await() && noexcept { return awaiter<all_of_range>(*this); }

  template <class Never = void>
  std::suspend_never operator co_await() const& noexcept {
    static_assert(!std::is_void_v<Never>, "a when_all is awaited once: co_await it where it is made, or co_await std::move(all)");
    return {};
  }

 private:
  std::vector<A> parts_;
  std::vector<operation> ends_;
};

/// `auto [user, orders] = co_await csgi::when_all(load_user(id), load_orders(id));`
///
/// Runs tasks and operations at the same time, begun in this order, and gives a std::tuple of their values, with
/// std::monostate for void. When one fails, the others are stopped, and those not yet begun never are; what it failed with
/// is thrown when all have ended. What others fail with later is dropped. A stop of the coroutine reaches each of them.
/// Memory:    in the frame of who awaits it.
/// Threads:   all on the executor of the coroutine that awaits: at the same time means while others wait.
/// Errors:    what the first that failed has failed with; cancelled, when it was stopped before all were begun.
template <class... A>
auto when_all(A&&... parts) {
  if constexpr (are_awaitables<A...>()) return all_of<A...>(std::move(parts)...);
}

/// The same for any number, given away with std::move; gives a std::vector of their values, nothing for void.
///
/// Memory:    one allocation beside that of the values.
template <class A>
auto when_all(std::vector<A>&& parts) {
  if constexpr (are_awaitables<A>()) return all_of_range<A>(std::move(parts));
}

}}  // namespace csgi::v1
