// csgi/asio_operation.hpp - opt-in, and outside of csgi::api's rule: an asynchronous operation of Asio as a csgi operation.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <csgi/asio_call.hpp>
#include <csgi/asio_context.hpp>
#include <optional>
#include <tuple>

namespace csgi { inline namespace v1 {

/// What says in a completion signature whether the operation has failed, as its first parameter.
template <class T>
concept asio_failure =
    std::is_same_v<T, boost::system::error_code> || std::is_same_v<T, std::error_code> || std::is_same_v<T, std::exception_ptr>;

/// The values among the parameters of a completion handler: `all`, and as `one`, which is what awaiting it gives.
template <class... T>
struct asio_values {
  using all = std::tuple<T...>;
  using one = all;
};
template <>
struct asio_values<> {
  using all = std::tuple<>;
  using one = void;
};
template <class T>
struct asio_values<T> {
  using all = std::tuple<T>;
  using one = T;
};
template <asio_failure Failure, class... T>
struct asio_values<Failure, T...> : asio_values<T...> {};
template <asio_failure Failure>
struct asio_values<Failure> : asio_values<> {};

/// The executor of the I/O object that an initiation belongs to; also inside of an adapter such as as_tuple. Where it names
/// none, that of the given io_context.
template <class Initiation, class Otherwise>
auto io_executor_of(const Initiation& initiation, Otherwise context) {
  if constexpr (requires { initiation.get_executor(); }) return initiation.get_executor();
  else if constexpr (requires { initiation.initiation_; }) return io_executor_of(initiation.initiation_, context);
  else return context().get_executor();
}

/// `code` as a std::errc value, where it has one.
inline std::error_code portable(const std::error_code& code) noexcept {
  const auto condition = code.default_error_condition();
  return condition.category() == std::generic_category() ? std::error_code(condition.value(), std::generic_category()) : code;
}

/// An operation that Asio has not begun yet: its initiation and the arguments for it. `Parameters` are those of its
/// completion handler.
///
/// It is initiated and cancelled where its handler is called, on the executor of the I/O object: so operations of one
/// object do not meet, wherever their coroutines run.
/// Lifetime:  may be moved until it is begun.
template <class Initiation, class Arguments, class... Parameters>
class asio_operation final : public asio_call {
 public:
  using value = typename asio_values<std::decay_t<Parameters>...>::one;

  template <class... Given>
  explicit asio_operation(Initiation initiation, Given&&... given)
      : initiation_(std::move(initiation)), arguments_(std::forward<Given>(given)...) {}
  asio_operation(asio_operation&& other) noexcept      // nothing of which has begun
      : initiation_(std::move(other.initiation_)), arguments_(std::move(other.arguments_)) {}

  /// Errors:    operation_not_supported, for a coroutine that runs on no executor, and nothing is begun; those of Asio;
  ///            operation_canceled, also where the io_context ends before it.
  begun begin(const task_promise_base& promise) noexcept {
    home_ = promise.executor();
    if (!home_) {
      error = std::make_error_code(std::errc::operation_not_supported);
      return begun::completed;
    }
    error = std::make_error_code(std::errc::operation_canceled);    // until it is told otherwise
    user beginning(*this);
    try {
      place_.emplace(io_executor_of(initiation_, [&]() -> boost::asio::io_context& { return io_context(promise); }));
      boost::asio::dispatch(*place_, [this, initiating = user(*this)]() noexcept { initiate(); });
    } catch (...) {
      fail();
    }
    if (beginning.leaves_last()) return begun::completed;
    stop = [](operation& o) noexcept { static_cast<asio_operation&>(o).request_stop(); };
    return begun::pending;
  }

  value result() {
    if (failure_) std::rethrow_exception(failure_);
    if constexpr (std::tuple_size_v<values> == 1) return std::get<0>(std::move(*values_));
    else if constexpr (std::tuple_size_v<values> > 1) return std::move(*values_);
  }

 private:
  using values = typename asio_values<std::decay_t<Parameters>...>::all;
  using io_executor = decltype(io_executor_of(std::declval<Initiation&>(), std::declval<boost::asio::io_context& (*)()>()));

  /// What Asio calls, or destroys uncalled.
  class handler {
   public:
    using cancellation_slot_type = boost::asio::cancellation_slot;

    explicit handler(asio_operation& of) noexcept : of_(&of), handling_(of) {}
    cancellation_slot_type get_cancellation_slot() const noexcept { return of_->signal_.slot(); }

    void operator()(std::decay_t<Parameters>... given) noexcept {
      of_->complete(std::move(given)...);
      handling_.leave();
    }

   private:
    asio_operation* of_;
    user handling_;
  };

  void initiate() noexcept {
    try {
      std::apply([this](auto&... kept) { std::move(initiation_)(handler(*this), std::move(kept)...); }, arguments_);
    } catch (...) {
      fail();
    }
  }

  // Not reached where `stop` is null, but a completion may be on its way.
  void request_stop() noexcept {
    auto stopping = user::of_pending(*this);
    if (!stopping) return;
    try {
      boost::asio::dispatch(*place_, [this, emitting = std::move(stopping)]() noexcept {
        signal_.emit(boost::asio::cancellation_type::terminal);
      });
    } catch (const std::bad_alloc&) {   // then it cannot be hurried
    }
  }

  template <class... Given>
  void complete(Given&&... given) noexcept {
    error = no_error;
    try {
      take(std::move(given)...);
    } catch (...) {
      fail();
    }
  }

  template <class... Given>
  void take(Given&&... given) {
    values_.emplace(std::move(given)...);
  }
  template <asio_failure Failure, class... Given>
  void take(Failure&& how, Given&&... given) {
    if (!how) values_.emplace(std::move(given)...);
    else if constexpr (std::is_same_v<Failure, std::exception_ptr>) failure_ = std::move(how);
    else error = portable(how);
  }

  void fail() noexcept {
    error = no_error;
    failure_ = std::current_exception();
  }

  Initiation initiation_;
  Arguments arguments_;
  std::optional<io_executor> place_;
  std::optional<values> values_;
};

}}  // namespace csgi::v1
