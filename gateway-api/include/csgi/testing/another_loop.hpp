// csgi/testing/another_loop.hpp - one more loop that runs requests of a client's app, as servers have several.
#pragma once
#include <csgi/testing/client.hpp>

namespace csgi::testing {

/// Runs the app's loop_startup(), then whatever exchanges are made for its loop.
///
/// Lifetime:  the client is borrowed, and longer there.
/// Threads:   one of its own, which makes it and turns the loop; when that has ended, any may destroy it.
class another_loop {
 public:
  /// Errors:    what a loop_startup() throws.
  another_loop(client& of, time_flow time, std::optional<clock::duration> patience = {});
  another_loop(const another_loop&) = delete;
  another_loop& operator=(const another_loop&) = delete;
  ~another_loop();

  /// Runs the app's loop_shutdown(). Requires: no request of it runs.
  ///
  /// Errors:    what that throws.
  void close();

  test_loop& loop() noexcept { return loop_; }

 private:
  test_loop loop_;
  const std::unique_ptr<client::loop_here> life_;
};

}  // namespace csgi::testing
