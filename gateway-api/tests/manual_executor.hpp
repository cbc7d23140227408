// manual_executor.hpp - an executor that runs what is posted when the test says so.
#pragma once
#include <csgi/executor.hpp>
#include <deque>

namespace csgi {

class manual_executor final : public csgi::executor {
 public:
  void post(work& w) noexcept override { queue_.push_back(&w); }
  begun begin_wait(timer_op&) noexcept override { return begun::completed; }
  bool here() const noexcept override { return true; }

  void run() {
    while (!queue_.empty()) {
      work& w = *queue_.front();
      queue_.pop_front();
      w.run(w);
    }
  }

 private:
  std::deque<work*> queue_;
};

}  // namespace csgi
