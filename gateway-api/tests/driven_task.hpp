// driven_task.hpp - for tests: a task that was started by hand, as a server does.
#pragma once
#include <csgi/task.hpp>

namespace csgi {

struct driven_task {
  driven_task(exchange& x, task<> t) : coroutine(std::move(t)) {
    coroutine.adopt(x);
    start();
  }
  explicit driven_task(task<> t) : coroutine(std::move(t)) { start(); }

  task<> coroutine;
  operation end;
  bool over = false;

 private:
  void start() {
    end.owner = this;
    end.done = [](operation& op) noexcept { static_cast<driven_task*>(op.owner)->over = true; };
    over = coroutine.start(end) == begun::completed;
  }
};

}  // namespace csgi
