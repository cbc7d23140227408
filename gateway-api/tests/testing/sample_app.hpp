// sample_app.hpp - for tests: an app of either kind from one coroutine, which awaits nothing but its exchange.
#pragma once
#include <csgi/middleware.hpp>
#include <csgi/testing/client.hpp>
#include <memory>

namespace csgi {

/// The same behaviour, a function `task<>(async_exchange)`, as a blocking or as an async app.
class sample_app {
 public:
  template <class Behaviour>
  sample_app(app_kind kind, Behaviour behaviour) {
    struct async_sample final : async_app {
      explicit async_sample(Behaviour b) : act(std::move(b)) {}
      task<> http(async_exchange ex) override { return act(ex); }
      Behaviour act;
    };
    struct blocking_sample final : blocking_app {
      explicit blocking_sample(Behaviour b) : act(std::move(b)) {}
      void http(blocking_exchange ex) override { drive(act(async_exchange(ex.raw()))); }
      Behaviour act;
    };
    if (kind == app_kind::async) async_ = std::make_unique<async_sample>(std::move(behaviour));
    else blocking_ = std::make_unique<blocking_sample>(std::move(behaviour));
  }

  operator application() noexcept {
    if (async_) return *async_;
    return *blocking_;
  }

 private:
  std::unique_ptr<async_app> async_;
  std::unique_ptr<blocking_app> blocking_;
};

}  // namespace csgi
