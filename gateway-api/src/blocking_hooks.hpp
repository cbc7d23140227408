// blocking_hooks.hpp - the finish hooks of a blocking app behind as_async.
#pragma once
#include <csgi/background.hpp>
#include <csgi/finish_hooks.hpp>

namespace csgi { inline namespace v1 {

/// A blocking app's hooks may block, an async app's must not: these go to the background, all of an exchange's together.
class blocking_hooks final : public finish_hook {
 public:
  explicit blocking_hooks(background* where) noexcept : where_(where) {
    run = [](finish_hook& h, const outcome& how) noexcept {
      std::unique_ptr<blocking_hooks> self(static_cast<blocking_hooks*>(&h));
      self->how_ = how;
      if (!self->where_) return self->run_all();
      background& there = *self->where_;
      try {
        static_cast<void>(there.begin(std::make_unique<job>(std::move(self))));   // one that is refused runs them at its end
      } catch (const std::bad_alloc&) {
        self->run_all();
      }
    };
  }

  void push(finish_hook& hook) noexcept {
    hook.next = first_;
    first_ = &hook;
  }

 private:
  /// Runs them on its lane; where it is not let, as when the server hurries, when it ends.
  struct job final : background_work {
    explicit job(std::unique_ptr<blocking_hooks> what) noexcept : hooks(std::move(what)) {}
    ~job() override { hooks->run_all(); }
    task<> make() override { return perform(*hooks); }
    static task<> perform(blocking_hooks& hooks) {
      auto call = to_thread([&hooks] { hooks.run_all(); });
      co_await call;
    }
    std::unique_ptr<blocking_hooks> hooks;
  };

  void run_all() noexcept {
    while (first_) {
      finish_hook& hook = *first_;
      first_ = hook.next;           // the hook may free itself
      hook.run(hook, how_);
    }
  }

  background* where_;
  finish_hook* first_ = nullptr;
  outcome how_;
};

}}  // namespace csgi::v1
