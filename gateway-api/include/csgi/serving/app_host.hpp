// csgi/serving/app_host.hpp - an app and its life on a server: startup, background, draining, shutdown.
#pragma once
#include <csgi/app_life.hpp>
#include <csgi/background_loop.hpp>
#include <csgi/server_info.hpp>
#include <csgi/server_observer.hpp>

namespace csgi { inline namespace v1 {

/// Made by a server's run(), around its serving.
///
/// Threads:   that of run(), unless said otherwise.
/// Spec:      CSGI-LIFE-001 to CSGI-LIFE-006, CSGI-LIFE-009, CSGI-LIFE-011 to CSGI-LIFE-017
class app_host final : private server_context {
 public:
  /// What an app's life needs of its server.
  struct place {
    server_observer& observer;
    std::string_view app_name;
    const server_info& info;
    thread_lender& threads;             ///< for the background's blocking code
    clock::duration grace;              ///< for the background, from drain() on
  };

  /// `stops` counts the requests to stop.
  ///
  /// Lifetime:  all borrowed.
  app_host(application app, const place& where, const std::atomic<int>& stops);
  app_host(const app_host&) = delete;
  app_host& operator=(const app_host&) = delete;

  /// Starts the app up, calls `serve`, which returns when all requests and their hooks have ended, waits for the background,
  /// and shuts the app down. Serves nothing where a stop was asked for before.
  ///
  /// Errors:    what `serve` throws; std::runtime_error that names what failed in the app.
  void run(const std::function<void()>& serve);

  /// Tells the app that the server is stopping; begins the grace time for the background.
  ///
  /// Threads:   any, at the same time.
  void drain() noexcept;

  /// What exchanges offer as csgi.background.
  csgi::background& background() noexcept { return background_; }

  // What the app's life on each executor needs.

  std::span<const application> parts() const noexcept { return life_.parts(); }
  server_context& context() noexcept { return *this; }
  thread_lender& threads() noexcept { return where_.threads; }
  const std::atomic<int>& stops() const noexcept { return stops_; }

 private:
  bool start();
  void finish();
  void log(log_level level, std::string_view text) noexcept override;
  void* find(const extension_id& wanted) noexcept override;
  void report(const std::exception_ptr& failure) noexcept;

  const place where_;
  const std::atomic<int>& stops_;
  background_loop background_;
  app_life life_;
  std::atomic<clock::rep> drained_at_{0};
};

}}  // namespace csgi::v1
