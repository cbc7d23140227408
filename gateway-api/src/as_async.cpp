// as_async.cpp - see csgi/as_async.hpp.
#include <csgi/as_async.hpp>
#include <csgi/to_thread.hpp>
#include "lane_exchange.hpp"

namespace csgi { inline namespace v1 {

namespace {

/// Calls `f()` on that lane: that of the exchange, which need not be the one of to_thread().
template <class F>
auto call_on(lane& which, F f) {
  return await_operation<"as_async">(call_of<F>(std::move(f)), [&which](call_of<F>& op) noexcept { return which.begin_call(op); });
}

/// Waits until the response has left, also where the coroutine is stopped: the view must not go before it.
class departure {
 public:
  explicit departure(lane_exchange& view) noexcept : view_(view) {}

  bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    promise_ = &coroutine.promise();
    end_.owner = coroutine.address();
    end_.done = [](operation& o) noexcept { std::coroutine_handle<>::from_address(o.owner).resume(); };
    if (view_.begin_departure(end_) == begun::completed) return false;
    promise_->awaited = &end_;
    if (promise_->stopped) cancel(end_);
    return true;
  }

  std::error_code await_resume() const noexcept {
    promise_->awaited = nullptr;
    return end_.error;
  }

 private:
  lane_exchange& view_;
  operation end_;
  task_promise_base* promise_ = nullptr;
};

}  // namespace

task<> as_async::http(async_exchange ex) {
  auto* const lane = ex.find<helping_lane>();
  if (!lane) raise(std::make_error_code(std::errc::operation_not_supported), "a blocking app without a lane");
  lane_exchange view(ex.raw(), *lane);
  std::exception_ptr failure;
  try {
    auto call = call_on(*lane, [&] { view.run(app_); });
    co_await call;
  } catch (...) {
    failure = std::current_exception();
  }
  const auto refused = co_await departure(view);
  if (failure) std::rethrow_exception(failure);
  if (refused) raise(refused, "finish");
}

task<> as_async::startup(server_context& server) {
  auto call = to_thread([&] { app_.startup(server); });
  co_await call;
}

task<> as_async::shutdown() {
  auto call = to_thread([this] { app_.shutdown(); });
  co_await call;
}

}}  // namespace csgi::v1
