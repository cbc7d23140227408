// csgi/http1/driver.hpp - who moves a connection on at the moment: a loop, or the thread of one request.
#pragma once
#include <csgi/executor.hpp>
#include <csgi/finish_hooks.hpp>
#include <memory_resource>

namespace csgi::http1 {

enum class interest : unsigned char { readable, writable };

/// The hooks of one response that is over.
struct finished_response {
  finish_hook* hooks = nullptr;
  outcome how;
  bool may_block = false;     ///< the app was a blocking one, so its hooks may block too

  /// Runs them, last added first.
  void run_hooks() noexcept {
    while (hooks) {
      finish_hook& hook = *hooks;
      hooks = hook.next;  // the hook may free itself
      hook.run(hook, how);
    }
  }
};

/// One connection is driven by one driver at a time; the difference between the kinds of app is only what happens
/// where the transport would block.
class driver {
 public:
  virtual csgi::executor& executor() noexcept = 0;
  virtual std::pmr::memory_resource& memory() noexcept = 0;

  /// A recent time; deadlines count from it.
  virtual clock::time_point now() noexcept = 0;

  /// True: operations wait inside wait(). False: they stay pending until connection::ready() is called. Asked several times for
  /// each byte that moves, and hence no call.
  bool blocks() const noexcept { return blocks_; }

  /// Waits until the transport is ready, as long as `limit`; less where the connection was told to drain. Requires: blocks().
  ///
  /// Errors:    timed_out; operation_canceled, when the request is to end.
  virtual std::error_code wait(interest direction, clock::duration limit) noexcept = 0;

  /// Whether it was told to end requests: wait() and its timers give operation_canceled.
  virtual bool cancelled() const noexcept = 0;

  /// Called before each operation of the app. Requires: blocks().
  virtual void run_posted() noexcept = 0;

  /// Runs the hooks of a response that is over, where they may run.
  virtual void finished(finished_response response) noexcept = 0;

  /// Extensions of its own, beside the connection's: see exchange::find(). Always the same for one exchange.
  virtual void* find_extension(const extension_id&) noexcept { return nullptr; }

 protected:
  ~driver() = default;

  bool blocks_ = false;
};

}  // namespace csgi::http1
