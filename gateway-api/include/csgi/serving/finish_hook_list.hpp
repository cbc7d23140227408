// csgi/serving/finish_hook_list.hpp - the finish hooks of one response, for who implements csgi.finish_hooks.
#pragma once
#include <csgi/finish_hooks.hpp>
#include <utility>

namespace csgi { inline namespace v1 {

/// Threads:   one at a time.
class finish_hook_list final : public finish_hooks {
 public:
  finish_hook_list() = default;
  finish_hook_list(const finish_hook_list&) = delete;
  finish_hook_list& operator=(const finish_hook_list&) = delete;

  void add(finish_hook& hook) noexcept override { hook.next = std::exchange(last_, &hook); }

  /// Runs each, the last added first, and forgets it before: it may free itself.
  void run_all(const outcome& how) noexcept {
    while (finish_hook* const hook = last_) {
      last_ = hook->next;
      hook->run(*hook, how);
    }
  }

 private:
  finish_hook* last_ = nullptr;
};

}}  // namespace csgi::v1
