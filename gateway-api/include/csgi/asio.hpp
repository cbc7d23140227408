// csgi/asio.hpp - opt-in, and outside of csgi::api's rule: everything asynchronous of Boost.Asio, awaited in csgi coroutines.
#pragma once
#include <boost/asio/async_result.hpp>
#include <csgi/asio_operation.hpp>
#include <csgi/task.hpp>

namespace csgi { inline namespace v1 {

/// The completion token for csgi coroutines, on any server:
///
///   tcp::socket socket(csgi::io_context(ex));
///   co_await socket.async_connect(upstream, csgi::use_task);
///   const std::size_t n = co_await socket.async_read_some(asio::buffer(bytes), csgi::use_task);
///
/// What it gives is an awaitable as any other: also for when_all, when_any, with_timeout and scopes. The operation begins
/// when it is awaited, and not if the coroutine was stopped before; the arguments are kept until then, the I/O object is
/// not and stays where it is. It resumes on the coroutine's executor, in its turn, whichever io_context the I/O object
/// belongs to. A stop is Asio's terminal cancellation: an operation that knows none, such as resolving a name, ends in its
/// own time.
///
/// Gives what follows the failure in the completion signature: nothing, a value, or a std::tuple of several.
/// Adapters of Asio work around it: asio::as_tuple(csgi::use_task) gives the error_code too, so that nothing is thrown;
/// asio::redirect_error(csgi::use_task, code) stores it, and needs a coroutine for that.
/// Threads:   the operation is initiated and cancelled on the executor of the I/O object, where its handler is called; so
///            operations of one object may be pending together. But what is called on the object directly, close() say,
///            is called on the coroutine's thread: on an io_context that this does not run, not while one is pending.
///            An own operation whose initiation names no executor is initiated on io_context(ex).
/// Errors:    what Asio fails with, as the exceptions of csgi/error.hpp; cancelled, for operation_aborted too, and where the
///            io_context ends first; error(operation_not_supported), where the coroutine runs on no executor.
/// Testing:   csgi::testing's loop does not know what it waits for: with time_flow::real only.
/// Memory:    in the frame of who awaits it, and what Asio itself allocates; that is recycled, but for what brings the
///            operation to the thread of an io_context that this one does not run.
struct use_task_t {};
inline constexpr use_task_t use_task{};

/// Begins it: for await_operation().
struct begin_asio_operation {
  template <class Operation>
  begun operator()(Operation& op, task_promise_base& promise) const noexcept {
    return op.begin(promise);
  }
};

/// What awaits one operation of Asio.
template <class Operation>
class [[nodiscard("an operation begins only when it is awaited")]] asio_awaiter
    : public operation_awaiter<"an operation of Asio", Operation, begin_asio_operation> {
 public:
  using value = typename Operation::value;

  explicit asio_awaiter(Operation op) noexcept
      : operation_awaiter<"an operation of Asio", Operation, begin_asio_operation>(std::move(op), {}) {}

  /// The same as a coroutine, for adapters that need to name a type which does not depend on the operation.
  operator task<value>() && { return awaited(std::move(*this)); }

 private:
  static task<value> awaited(asio_awaiter what) { co_return co_await what; }
};

}}  // namespace csgi::v1

template <class Returned, class... Parameters>
class boost::asio::async_result<csgi::use_task_t, Returned(Parameters...)> {
  template <class Initiation, class... Arguments>
  using operation = csgi::asio_operation<std::decay_t<Initiation>, std::tuple<std::decay_t<Arguments>...>, Parameters...>;

 public:
  /// For adapters that are older than `auto`, such as redirect_error.
  using return_type = csgi::task<typename csgi::asio_values<std::decay_t<Parameters>...>::one>;

  // Its return type is written out: overload resolution in Asio asks for it with types that are never operated with.
  template <class Initiation, class... Arguments>
  static csgi::asio_awaiter<operation<Initiation, Arguments...>> initiate(Initiation&& initiation, csgi::use_task_t,
                                                                           Arguments&&... given) {
    using begun_later = operation<Initiation, Arguments...>;
    return csgi::asio_awaiter(begun_later(std::forward<Initiation>(initiation), std::forward<Arguments>(given)...));
  }
};
