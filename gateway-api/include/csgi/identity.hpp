// csgi/identity.hpp - the middleware that changes nothing: the proof that forwarding is transparent.
#pragma once
#include <csgi/forwarding_exchange.hpp>
#include <csgi/middleware.hpp>

namespace csgi { inline namespace v1 {

/// Puts a forwarding exchange between server and app. Also the smallest example of a middleware.
struct identity {
  task<> operator()(async_exchange ex, next_app app) const {
    view same(ex.raw());
    co_await app(async_exchange(same));
  }

 private:
  class view final : public forwarding_exchange {
   public:
    using forwarding_exchange::forwarding_exchange;
  };
};

}}  // namespace csgi::v1
