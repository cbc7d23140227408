// csgi/when_any.hpp - several things at the same time, of which one is enough.
#pragma once
#include <array>
#include <csgi/fork.hpp>
#include <csgi/task.hpp>

namespace csgi { inline namespace v1 {

/// The first of a range that ended, and its value: std::monostate for void.
template <class T>
struct first_of {
  std::size_t index;
  T value;

  first_of(std::size_t i, T v) : index(i), value(std::move(v)) {}
};

template <awaitable... A>
class [[nodiscard("the tasks run only when when_any is awaited")]] any_of : fork {
 public:
  explicit any_of(A&&... parts) noexcept : fork(decision::first_end), parts_(std::move(parts)...) {}

  begun start(operation& waiter, task_promise_base& parent) noexcept {
    return begin(waiter, ends_, parts_, parent);
  }

  using fork::stop;

  bool failed() const noexcept {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return ((decided() != I || std::get<I>(parts_).failed()) && ...);
    }(std::index_sequence_for<A...>());
  }

  std::variant<kept<A>...> result() { return result_from<0>(); }

  awaiter<any_of> operator co_await() && noexcept { return awaiter<any_of>(*this); }

  template <class Never = void>
  std::suspend_never operator co_await() const& noexcept {
    static_assert(!std::is_void_v<Never>, "a when_any is awaited once: co_await it where it is made, or co_await std::move(either)");
    return {};
  }

 private:
  template <std::size_t I>
  std::variant<kept<A>...> result_from() {
    if constexpr (I == sizeof...(A)) {
      raise(std::make_error_code(std::errc::operation_canceled), "when_any");
    } else {
      if (decided() != I) return result_from<I + 1>();
      return std::variant<kept<A>...>(std::in_place_index<I>, keep(std::get<I>(parts_)));
    }
  }

  std::tuple<A...> parts_;
  std::array<operation, sizeof...(A)> ends_{};
};

template <awaitable A>
class [[nodiscard("the tasks run only when when_any is awaited")]] any_of_range : fork {
 public:
  explicit any_of_range(std::vector<A> parts) : fork(decision::first_end), parts_(std::move(parts)), ends_(parts_.size()) {
    if (parts_.empty()) raise(std::make_error_code(std::errc::invalid_argument), "when_any of nothing");
  }

  begun start(operation& waiter, task_promise_base& parent) noexcept {
    return begin(waiter, ends_, parts_, parent);
  }

  using fork::stop;
  bool failed() const noexcept { return decided() == nobody || parts_[decided()].failed(); }

  first_of<kept<A>> result() {
    if (decided() == nobody) raise(std::make_error_code(std::errc::operation_canceled), "when_any");
    return {decided(), keep(parts_[decided()])};
  }

  awaiter<any_of_range> operator co_await() && noexcept { return awaiter<any_of_range>(*this); }

  template <class Never = void>
  std::suspend_never operator co_await() const& noexcept {
    static_assert(!std::is_void_v<Never>, "a when_any is awaited once: co_await it where it is made, or co_await std::move(first)");
    return {};
  }

 private:
  std::vector<A> parts_;
  std::vector<operation> ends_;
};

/// `auto first = co_await csgi::when_any(from_cache(key), from_database(key));`
///
/// Runs tasks and operations at the same time, begun in this order, until the first of them has ended; gives a
/// std::variant of their values, with std::monostate for void, whose index() says which it was. The others are stopped,
/// and those not yet begun never are; it resumes when all have ended. A failure is an end too, and is thrown. How the
/// others end does not matter then: their values and what they fail with are dropped, so one whose failure is not to be
/// missed has to catch it itself. A stop of the coroutine reaches each of them.
/// Memory:    in the frame of who awaits it.
/// Threads:   all on the executor of the coroutine that awaits.
/// Errors:    what the first that ended has failed with.
template <class... A>
auto when_any(A&&... parts) {
  static_assert(sizeof...(A) > 0, "when_any of nothing would never end");
  if constexpr (sizeof...(A) > 0 && are_awaitables<A...>()) return any_of<A...>(std::move(parts)...);
}

/// The same for any number, given away with std::move; gives a first_of, index and value.
///
/// Memory:    one allocation.
/// Errors:    misuse, for none at all.
template <class A>
auto when_any(std::vector<A>&& parts) {
  if constexpr (are_awaitables<A>()) return any_of_range<A>(std::move(parts));
}

}}  // namespace csgi::v1
