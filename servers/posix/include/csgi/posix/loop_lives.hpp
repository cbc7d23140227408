// csgi/posix/loop_lives.hpp - an app's life on all executors of a server: they start it, serve, and shut it down together.
#pragma once
#include <csgi/loop_life.hpp>
#include <csgi/posix/rendezvous.hpp>
#include <csgi/posix/resident.hpp>
#include <csgi/serving/app_host.hpp>

namespace csgi::posix {

/// Made by a server to serve with, once.
class loop_lives {
 public:
  /// What a server does between.
  struct events {
    std::function<void()> started;  ///< the app has, everywhere, and none serves yet; what it throws keeps them from it
    std::function<void()> served;   ///< all requests have ended; must not throw
  };

  /// Lifetime:  `host` is borrowed.
  loop_lives(app_host& host, events on) : host_(host), on_(std::move(on)) {}
  loop_lives(const loop_lives&) = delete;
  loop_lives& operator=(const loop_lives&) = delete;

  /// Gives each a thread, the first one this, and returns when all have ended.
  ///
  /// Errors:    the first thing that failed: std::runtime_error that names what failed in the app, what `started` threw,
  ///            std::system_error, where a thread could not be had. Then none has served, but where a shutdown failed.
  void run(std::span<resident* const> all);

 private:
  using phase = task<> (loop_life::*)();

  void live(resident& here, rendezvous& all) noexcept;
  void perform(resident& here, loop_life& life, phase what, const char* prefix) noexcept;
  void open() noexcept;
  void fail(const std::exception_ptr& why) noexcept;

  app_host& host_;
  const events on_;
  bool open_ = false;                     // they serve: set while all wait
  std::mutex mutex_;                      // of what follows
  std::exception_ptr failure_;
};

}  // namespace csgi::posix
