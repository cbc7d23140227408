#include <csgi/serving/operation_slot.hpp>
#include <csgi/work_queue.hpp>
#include <doctest/doctest.h>

using csgi::begun;
using csgi::operation;
using csgi::operation_slot;

namespace {

class queue final : public csgi::executor {
 public:
  void post(csgi::work& w) noexcept override { works.push(w); }
  begun begin_wait(csgi::timer_op&) noexcept override { return begun::completed; }
  bool here() const noexcept override { return true; }
  csgi::work_queue works;
};

struct counted final : operation {
  counted() {
    done = [](operation& o) noexcept { ++static_cast<counted&>(o).ends; };
  }
  int ends = 0;
};

struct fixture {
  queue home;
  operation_slot slot{home, this, [](void* self, operation_slot& s) noexcept {
    ++static_cast<fixture*>(self)->cancellations;
    s.complete(std::make_error_code(std::errc::operation_canceled));
  }};
  int cancellations = 0;
};

}  // namespace

TEST_SUITE("operation_slot") {
TEST_CASE_FIXTURE(fixture, "CSGI-CORE-022: what pends is done once, and not inside of what ends it") {
  counted op;
  CHECK(slot.pend(op) == begun::pending);
  CHECK(slot.pending() == &op);
  slot.complete(std::make_error_code(std::errc::timed_out));
  slot.complete({});
  CHECK(op.ends == 0);
  CHECK(slot.taken());      // CSGI-CORE-030
  CHECK_FALSE(slot.pending());
  home.works.run_all();
  CHECK(op.ends == 1);
  CHECK(op.error == std::errc::timed_out);
  CHECK_FALSE(slot.taken());
}

TEST_CASE_FIXTURE(fixture, "CSGI-CORE-031: what is cancelled ends with what the server makes of it") {
  counted op;
  slot.pend(op);
  csgi::cancel(op);
  csgi::cancel(op);
  CHECK(cancellations == 1);
  CHECK(op.ends == 0);
  home.works.run_all();
  CHECK(op.ends == 1);
  CHECK(op.error == std::errc::operation_canceled);
}

TEST_CASE_FIXTURE(fixture, "CSGI-CORE-020: after many that end at once, one gives others their turn") {
  counted op;
  int at_once = 0;
  while (slot.at_once(op) == begun::completed) ++at_once;
  CHECK(at_once > 10);
  CHECK(at_once < 1000);
  CHECK(slot.taken());
  home.works.run_all();
  CHECK(op.ends == 1);
  CHECK_FALSE(op.error);
}

TEST_CASE_FIXTURE(fixture, "CSGI-CORE-007: what is dropped is not touched any more") {
  counted op;
  slot.pend(op);
  slot.drop();
  slot.complete({});
  home.works.run_all();
  CHECK(op.ends == 0);
}
}
