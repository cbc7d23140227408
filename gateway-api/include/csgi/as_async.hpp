// csgi/as_async.hpp - a blocking app where an async one is wanted.
#pragma once
#include <csgi/description.hpp>
#include <csgi/stand_in.hpp>

namespace csgi { inline namespace v1 {

/// Runs a blocking app on the lane of each request; its operations are done by the request's executor meanwhile. Bodies are
/// streamed both ways, an operation at a time; disconnects, errors and hooks are what they are.
///
/// Cost:      one way to the lane's thread and back, and one more for each operation that is waited for. An answer of up to
///            64 KiB in one piece is not: it is copied, and leaves while the app goes on; where that fails, http() throws.
/// Extensions that the app finds: finish hooks, which may block, file sending, log, server information, background, storage,
/// and the notice that the server drains. No WebSocket: each would keep a lane's thread, which others wait for; nor an upgrade.
/// Lifetime:  the app is borrowed and outlives this object.
/// Errors:    overloaded, where no thread is to be had: a server answers 503. Where the server has no lane, the app is not
///            called and fails with error(operation_not_supported).
class as_async final : public async_app, public stand_in, public described {
 public:
  explicit as_async(blocking_app& app) noexcept : app_(app) {}

  task<> http(async_exchange ex) override;
  task<> startup(server_context& server) override;
  void draining() noexcept override { app_.draining(); }
  task<> shutdown() override;
  application behind(request&) const noexcept override { return app_; }
  void describe(description& to) const override { to.bridge(app_); }

 private:
  blocking_app& app_;
};

}}  // namespace csgi::v1
