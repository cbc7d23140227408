// csgi/task_promise.hpp - what every csgi coroutine carries.
#pragma once
#include <csgi/exchange_handle.hpp>
#include <exception>
#include <type_traits>

namespace csgi { inline namespace v1 {

/// What every csgi coroutine carries: how to stop it, which exchange it works for, and where it runs.
///
/// A coroutine, the operations it awaits and the coroutines it awaits all run on one executor, so nothing here
/// is synchronised.
class task_promise_base {
 public:
  /// Asks the operation awaited now, and every later await, to fail with operation_canceled.
  ///
  /// An operation that is just being begun is cancelled when its begin has returned.
  void stop() noexcept {
    stopped = true;
    if (awaited) cancel(*awaited);
  }

  /// Where the coroutine runs; null where nobody has said so, as for one that is driven by hand outside of a request.
  csgi::executor* executor() const noexcept { return home ? home : environment ? &environment->executor() : nullptr; }

  operation* waiter = nullptr;          ///< done when the coroutine is, unless it finished inside start()
  operation* awaited = nullptr;         ///< what it is suspended on
  exchange* environment = nullptr;      ///< of its exchange parameter, or of the coroutine that awaits it
  csgi::executor* home = nullptr;       ///< where it runs, if not on that exchange's executor: see run()
  std::exception_ptr failure;
  bool stopped = false;
  bool left = false;                    ///< start() has returned
  bool finished = false;

 protected:
  /// The exchange that a coroutine's parameter stands for: that of a front or of a task_scope.
  template <class Argument>
  static exchange* exchange_of(Argument& argument) noexcept {
    if constexpr (std::is_base_of_v<exchange_handle, std::remove_cv_t<Argument>>) return &argument.raw();
    else if constexpr (requires { static_cast<exchange*>(argument.environment()); }) return argument.environment();
    else return nullptr;
  }

  template <class Argument>
  void adopt(Argument& argument) noexcept {
    if (auto* const x = exchange_of(argument)) environment = x;
  }

  template <class Argument>
  static void adopt_memory(std::pmr::memory_resource*& memory, Argument& argument) noexcept {
    if (auto* const x = exchange_of(argument)) memory = &x->memory();
  }
};

}}  // namespace csgi::v1
