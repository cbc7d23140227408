// csgi/as_blocking.hpp - an async app where a blocking one is wanted.
#pragma once
#include <csgi/description.hpp>
#include <csgi/stand_in.hpp>

namespace csgi { inline namespace v1 {

/// Runs an async app's coroutine on the handler's thread, on a run_loop. For servers and middlewares that know blocking apps
/// only: those that run both kinds do better. Its blocking code has a lane, with a thread of the process.
///
/// Limits:    there is one thread, so while it waits for the client, in a read or a write, the app's timers and other tasks
///            wait too: with_timeout() cannot end a read before the server's own deadline does, and a WebSocket can either
///            receive or send, not wait for the one beside the other.
///            Each request has an executor of its own, so loop_startup() and loop_shutdown() are not called.
/// Lifetime:  the app is borrowed and outlives this object.
class as_blocking final : public blocking_app, public stand_in, public described {
 public:
  explicit as_blocking(async_app& app) noexcept : app_(app) {}

  void http(blocking_exchange ex) override;
  void startup(server_context& server) override;
  void draining() noexcept override { app_.draining(); }
  void shutdown() override;
  application behind(request&) const noexcept override { return app_; }
  void describe(description& to) const override { to.bridge(app_); }

 private:
  async_app& app_;
};

}}  // namespace csgi::v1
