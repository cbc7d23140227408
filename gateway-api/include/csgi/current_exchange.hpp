// csgi/current_exchange.hpp - the exchange a coroutine works for, without it being passed along.
#pragma once
#include <csgi/async_exchange.hpp>

namespace csgi { inline namespace v1 {

/// `auto ex = co_await csgi::current_exchange();`
///
/// Gives the exchange front of the coroutine's own parameters, or else of the nearest coroutine up the chain of
/// awaits that has one.
/// Errors:    misuse, outside of any exchange.
class current_exchange {
 public:
  current_exchange() noexcept {}

  bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    exchange_ = coroutine.promise().environment;
    return false;
  }

  async_exchange await_resume() const {
    if (!exchange_) raise(std::make_error_code(std::errc::operation_not_permitted), "current_exchange outside a request");
    return async_exchange(*exchange_);
  }

 private:
  exchange* exchange_ = nullptr;
};

}}  // namespace csgi::v1
