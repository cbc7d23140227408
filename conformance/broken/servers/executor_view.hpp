// executor_view.hpp - an exchange whose executor is another one.
#pragma once
#include "views.hpp"

namespace csgi::conformance {

/// An executor that hands everything on.
class forwarding_executor : public executor {
 public:
  explicit forwarding_executor(executor& next) noexcept : next_(next) {}
  void post(work& w) noexcept override { next_.post(w); }
  begun begin_wait(timer_op& t) noexcept override { return next_.begin_wait(t); }
  bool here() const noexcept override { return next_.here(); }
  void* find(const extension_id& id) noexcept override { return next_.find(id); }

 protected:
  ~forwarding_executor() = default;
  executor& next() const noexcept { return next_; }

 private:
  executor& next_;
};

template <class Executor>
class executor_view final : public forwarding_exchange {
 public:
  explicit executor_view(exchange& outer) noexcept : forwarding_exchange(outer), executor_(outer.executor()) {}
  csgi::executor& executor() noexcept override { return executor_; }

 private:
  Executor executor_;
};

/// A server whose apps run on such an executor, as they see it.
template <class Executor>
faulty_server runs_on() {
  return seen_as<executor_view<Executor>>();
}

}  // namespace csgi::conformance
