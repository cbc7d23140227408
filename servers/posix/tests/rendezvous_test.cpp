#include <csgi/posix/rendezvous.hpp>
#include <csgi/work_queue.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace csgi;
using csgi::posix::rendezvous;

namespace {

/// One that comes to a meeting.
class guest final : private executor {
 public:
  guest(std::string& in, char letter) : diary_(in), letter_(letter) {
    op_.owner = this;
    op_.done = [](operation& op) noexcept { static_cast<guest*>(op.owner)->note(); };
  }

  begun come(rendezvous& to, const std::function<void()>& at_last) {
    const auto how = to.begin_meet(op_, *this, at_last);
    if (how == begun::completed) note();
    return how;
  }
  void turn() { posted_.run_all(); }

 private:
  void post(work& w) noexcept override { posted_.push(w); }
  begun begin_wait(timer_op&) noexcept override { return begun::completed; }
  bool here() const noexcept override { return false; }
  void note() { diary_ += letter_; }

  std::string& diary_;
  const char letter_;
  operation op_;
  work_queue posted_;
};

}  // namespace

TEST_SUITE("rendezvous") {
TEST_CASE("all go on when the last has come, after what that does, each on its own executor; and they may meet again") {
  std::string diary;
  rendezvous meeting(3);
  guest a(diary, 'a'), b(diary, 'b'), c(diary, 'c');
  const auto last = [&] { diary += '!'; };
  for (int i = 0; i < 2; ++i) {
    diary.clear();
    CHECK(a.come(meeting, last) == begun::pending);
    CHECK(b.come(meeting, last) == begun::pending);
    CHECK(diary.empty());
    CHECK(c.come(meeting, last) == begun::completed);
    CHECK(diary == "!c");
    a.turn();
    b.turn();
    CHECK(diary == "!cab");
  }
}

TEST_CASE("those that never come are not waited for") {
  std::string diary;
  rendezvous meeting(3);
  guest a(diary, 'a'), b(diary, 'b');
  const auto last = [&] { diary += '!'; };
  CHECK(a.come(meeting, last) == begun::pending);
  meeting.miss(1);
  CHECK(b.come(meeting, last) == begun::completed);
  a.turn();
  CHECK(diary == "!ba");
  CHECK(b.come(meeting, last) == begun::pending);
  CHECK(a.come(meeting, last) == begun::completed);
  b.turn();
}
}
