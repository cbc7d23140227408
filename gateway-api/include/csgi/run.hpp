// csgi/run.hpp - coroutines from blocking code.
#pragma once
#include <csgi/async_exchange.hpp>
#include <csgi/run_loop.hpp>
#include <optional>
#include <variant>

namespace csgi { inline namespace v1 {

/// `auto report = csgi::run(weather_report());`
///
/// Runs a coroutine to its end on this thread; see run_loop, which may be used again and again.
template <class T>
T run(task<T> coroutine) {
  return run_loop().run(std::move(coroutine));
}

/// A coroutine that blocking code of a request has the request's executor run.
template <class Make>
class request_run {
 public:
  request_run(exchange& of, helping_lane& on, Make& make) noexcept : exchange_(of), lane_(on), call_(*on.current()), make_(make) {}
  request_run(const request_run&) = delete;
  request_run& operator=(const request_run&) = delete;

  auto get() {
    end_.owner = this;
    end_.run = [](work& w) noexcept { of(w).begin(); };
    end_.done = [](operation& op) noexcept {
      // Its frame is destroyed from outside of it.
      op.run = [](work& w) noexcept { of(w).end(); };
      of(op).exchange_.executor().post(op);
    };
    lane_.begin_help();
    exchange_.executor().post(end_);
    lane_.help_until(over_);
    if (failure_) std::rethrow_exception(failure_);
    if constexpr (!std::is_void_v<returned>) return std::move(*value_);
  }

 private:
  using coroutine = std::invoke_result_t<Make&>;
  using returned = decltype(std::declval<coroutine&>().result());
  using value = std::conditional_t<std::is_void_v<returned>, std::monostate, returned>;

  static request_run& of(work& w) noexcept { return *static_cast<request_run*>(static_cast<operation&>(w).owner); }

  void begin() noexcept {
    try {
      coroutine_.emplace(make_());
      coroutine_->adopt(exchange_);
    } catch (...) {
      failure_ = std::current_exception();
      return lane_.end_help(over_);
    }
    call_.waits_for = this;
    call_.forward_stop = [](blocking_call& c) noexcept { static_cast<request_run*>(c.waits_for)->coroutine_->stop(); };
    if (std::atomic_ref(call_.stopped).load(std::memory_order_relaxed)) coroutine_->stop();
    if (coroutine_->start(end_) == begun::completed) end();
  }

  void end() noexcept {
    call_.forward_stop = nullptr;
    try {
      if constexpr (std::is_void_v<returned>) coroutine_->result();
      else value_.emplace(coroutine_->result());
    } catch (...) {
      failure_ = std::current_exception();
    }
    coroutine_.reset();
    lane_.end_help(over_);
  }

  exchange& exchange_;
  helping_lane& lane_;
  blocking_call& call_;
  Make& make_;
  operation end_;
  std::optional<coroutine> coroutine_;
  std::optional<value> value_;
  std::exception_ptr failure_;
  std::atomic<bool> over_{false};
};

/// `auto rows = csgi::run(ex, [&] { return fetch_rows(ex); });` inside of blocking code that a coroutine of the same
/// request has given to to_thread().
///
/// Calls `make()` and runs the coroutine it gives on the request's executor, beside the other coroutines of the request;
/// meanwhile this thread does the blocking work that they give to to_thread(). Stopping the request stops the coroutine.
/// In a blocking app, which has no such executor, it is run(make()).
/// Errors:    what the coroutine throws; error(resource_deadlock_would_occur) on the executor's own thread: co_await the
///            task instead; misuse on any other thread than the lane's, those of to_pool() included.
template <class Make>
auto run(exchange_handle ex, Make make) {
  auto* const on = ex.find<helping_lane>();
  if (!on) {
    auto coroutine = make();
    coroutine.adopt(ex.raw());
    return run(std::move(coroutine));
  }
  if (ex.raw().executor().here())
    raise(std::make_error_code(std::errc::resource_deadlock_would_occur), "run() on the thread that runs the request's coroutines: co_await the task instead");
  if (!on->current()) raise(std::make_error_code(std::errc::operation_not_permitted), "run() on a thread that to_thread() has not brought the request to");
  return request_run<Make>(ex.raw(), *on, make).get();
}

}}  // namespace csgi::v1
