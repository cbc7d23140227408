#include <csgi/operation_awaiter.hpp>
#include "driven_task.hpp"
#include "recording_exchange.hpp"
#include <csgi/async_exchange.hpp>
#include <csgi/when_all.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

// Its operation stops the coroutine that awaits it while it is begun, and then pends.
struct stopping_callee {
  recording_exchange& x;
  driven_task* who = nullptr;
  bool inside = false;
  bool stopped_inside = false;
  int stops = 0;

  auto wait() {
    return await_operation<"wait">(operation{}, [this](operation& op) noexcept { return begin(op); });
  }

 private:
  begun begin(operation& op) noexcept {
    inside = true;
    op.server = this;
    op.stop = [](operation& o) noexcept {
      auto& self = *static_cast<stopping_callee*>(o.server);
      ++self.stops;
      self.stopped_inside = self.inside;
      o.error = std::make_error_code(std::errc::operation_canceled);
      post_done(self.x.executor(), o);
    };
    who->coroutine.stop();
    inside = false;
    return begun::pending;
  }
};

task<> awaits_it(async_exchange ex, stopping_callee& callee) {
  co_await ex.sleep_for(1h);
  co_await callee.wait();
}

task<> awaits_it_beside_others(async_exchange ex, stopping_callee& callee) {
  co_await ex.sleep_for(1h);
  co_await when_all(ex.sleep_for(9h), callee.wait());
}

}  // namespace

TEST_SUITE("operation_awaiter") {
TEST_CASE("an operation is never cancelled inside its begin, but right after it, and once") {
  for (const auto body : {awaits_it, awaits_it_beside_others}) {
    recording_exchange x(completion::later);
    stopping_callee callee{x};
    driven_task d(body(async_exchange(x), callee));
    callee.who = &d;
    x.executor().run();
    CHECK(d.over);
    CHECK(callee.stops == 1);
    CHECK(!callee.stopped_inside);
    CHECK_THROWS_AS(d.coroutine.result(), cancelled);
  }
}
}
