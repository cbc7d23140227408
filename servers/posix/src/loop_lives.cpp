// loop_lives.cpp - see csgi/posix/loop_lives.hpp.
#include <csgi/posix/loop_lives.hpp>
#include <csgi/serving/app_end.hpp>
#include <csgi/serving/hosted_loop.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

namespace csgi::posix {

namespace {

/// Has the executor's thread go on until the operation that `begin` is given has ended.
template <class Begin>
void wait(resident& here, Begin begin) noexcept {
  bool over = false;
  operation end;
  end.owner = &over;
  end.done = [](operation& op) noexcept { *static_cast<bool*>(op.owner) = true; };
  if (begin(end) == begun::pending) here.turn_until(over);
}

}  // namespace

void loop_lives::run(std::span<resident* const> all) {
  rendezvous meeting(all.size());
  {
    std::vector<std::jthread> others;
    try {
      others.reserve(all.size());
      for (resident* each : all.subspan(1)) others.emplace_back([this, each, &meeting] { live(*each, meeting); });
    } catch (...) {
      fail(std::current_exception());
      meeting.miss(all.size() - 1 - others.size());
    }
    live(*all.front(), meeting);
  }
  if (failure_) std::rethrow_exception(failure_);
}

void loop_lives::live(resident& here, rendezvous& all) noexcept {
  csgi::executor& executor = here.driver().executor();
  here.settle();
  hosted_loop around(host_, executor, here.driver().memory());
  loop_life life(host_.parts(), around, host_.stops());
  perform(here, life, &loop_life::start, "the app's startup on a loop failed: ");
  around.end_phase();
  wait(here, [&](operation& op) { return all.begin_meet(op, executor, [this] { open(); }); });
  if (open_) {
    here.serve();
    wait(here, [&](operation& op) { return all.begin_meet(op, executor, on_.served); });
  }
  perform(here, life, &loop_life::finish, "the app's shutdown on a loop failed: ");
  around.end_phase();
  constexpr bool over = true;
  here.turn_until(over);      // for what was posted last
}

void loop_lives::perform(resident& here, loop_life& life, phase what, const char* prefix) noexcept {
  try {
    task<> coroutine = (life.*what)();
    coroutine.settle(here.driver().executor());
    wait(here, [&](operation& end) { return coroutine.start(end); });
    coroutine.result();
  } catch (...) {
    fail(std::make_exception_ptr(std::runtime_error(prefix + what_of(std::current_exception()))));
  }
}

void loop_lives::open() noexcept {
  if (failure_ || host_.stops().load(std::memory_order_relaxed) > 0) return;
  try {
    on_.started();
    open_ = true;
  } catch (...) {
    fail(std::current_exception());
  }
}

/// The first failure is thrown in the end, the others are told to the operator.
void loop_lives::fail(const std::exception_ptr& why) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_) return void(failure_ = why);
  }
  host_.context().log(log_level::error, what_of(why));
}

}  // namespace csgi::posix
