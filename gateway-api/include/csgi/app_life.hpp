// csgi/app_life.hpp - takes an app through its life: what servers do with startup(), draining() and shutdown().
#pragma once
#include <atomic>
#include <csgi/application.hpp>
#include <csgi/run_loop.hpp>
#include <vector>

namespace csgi { inline namespace v1 {

/// An app is started part by part, and shut down in the reverse order; when a part fails to start, those before it are shut
/// down again.
///
/// Threads:   one, the server's that waits for the end, unless said otherwise.
class app_life {
 public:
  /// `stops` counts the requests to stop, which end a startup.
  ///
  /// Lifetime:  all borrowed.
  app_life(application app, server_context& context, const std::atomic<int>& stops);
  app_life(const app_life&) = delete;
  app_life& operator=(const app_life&) = delete;

  /// Whether the app may be served: false where the server was asked to stop before all parts were ready.
  ///
  /// Errors:    what a part threw. Those before it have been shut down, then.
  bool start();

  /// The apps it is made of, in the order in which they are started: none is a composite, none comes twice.
  std::span<const application> parts() const noexcept { return parts_; }

  /// Tells those that started that the server is draining; the first call does.
  ///
  /// Threads:   any.
  void drain() noexcept;

  /// Shuts down what has started, all of it, whatever fails.
  ///
  /// Errors:    the first thing thrown.
  void finish();

 private:
  void collect(application app);
  void start(application part);
  void abandon() noexcept;
  void report(const std::exception_ptr& failure) noexcept;
  void shut_down(application part);

  server_context& context_;
  const std::atomic<int>& stops_;
  run_loop loop_;
  std::vector<application> parts_;
  std::size_t started_ = 0;
  std::atomic<bool> drained_{false};
};

}}  // namespace csgi::v1
