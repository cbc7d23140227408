#include <csgi/operation.hpp>
#include "virtual_executor.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace std::chrono_literals;

namespace {

// Counts how often an operation was done, and what became of it.
struct watched : timer_op {
  int times = 0;
  watched() {
    done = [](operation& op) noexcept { ++static_cast<watched&>(op).times; };
  }
};

}  // namespace

TEST_SUITE("operation") {
TEST_CASE("cancel() calls stop once, and does nothing for an operation that cannot be hurried") {
  operation op;
  cancel(op);
  int stops = 0;
  op.server = &stops;
  op.stop = [](operation& o) noexcept { ++*static_cast<int*>(o.server); };
  cancel(op);
  cancel(op);
  CHECK(stops == 1);
}

TEST_CASE("post_done() calls done from the queue, never inside the call") {
  virtual_executor executor(completion::later);
  watched op;
  op.stop = [](operation&) noexcept { FAIL_CHECK("it was about to end anyway"); };
  post_done(executor, op);
  CHECK(op.times == 0);
  cancel(op);
  executor.run();
  CHECK(op.times == 1);
}

TEST_CASE("posted work runs in the order posted") {
  struct noted : work { std::string* order; char name; };
  virtual_executor executor(completion::later);
  std::string order;
  noted first, second, third;
  for (auto [w, name] : {std::pair(&first, 'a'), std::pair(&second, 'b'), std::pair(&third, 'c')}) {
    w->order = &order;
    w->name = name;
    w->run = [](work& x) noexcept { *static_cast<noted&>(x).order += static_cast<noted&>(x).name; };
    executor.post(*w);
  }
  executor.run();
  CHECK(order == "abc");
}

TEST_CASE("timers lapse in the order of their times, and a cancelled one ends with operation_canceled") {
  virtual_executor executor(completion::later);
  watched late, soon, never;
  late.at = clock::now() + 2h;
  soon.at = clock::now() + 1h;
  never.at = clock::now() + 3h;
  CHECK(executor.begin_wait(late) == begun::pending);
  CHECK(executor.begin_wait(soon) == begun::pending);
  CHECK(executor.begin_wait(never) == begun::pending);
  cancel(never);
  CHECK(never.times == 0);
  executor.run();
  CHECK(soon.times == 1);
  CHECK(late.times == 1);
  CHECK(never.times == 1);
  CHECK(!soon.error);
  CHECK(never.error == std::errc::operation_canceled);
}
}
