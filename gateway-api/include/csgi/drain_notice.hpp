// csgi/drain_notice.hpp - extension: a request that runs learns that its server is stopping.
#pragma once
#include <csgi/async_exchange.hpp>

namespace csgi { inline namespace v1 {

/// A server that drains accepts nothing new and lets what runs go on as long as the grace time lasts: time for a stream
/// without end to say farewell. draining() of the app is told once for all of it, this in each request that asks.
///
/// Lifetime:  the exchange's.
class drain_notice {
 public:
  static constexpr extension_id id{"csgi.drain_notice", touches::nothing};

  /// Whether the server is stopping: once true, for ever.
  ///
  /// Threads:   any.
  virtual bool draining() const noexcept = 0;

  /// Completes when the server begins to drain, or at once where it does.
  ///
  /// Threads:   the exchange's executor. One at a time may be pending, beside operations of other kinds.
  /// Errors:    operation_canceled: cancel(), the response has ended, or the request is to end; connection_reset and
  ///            timed_out, where that is how the response has ended; operation_in_progress; operation_not_supported on a
  ///            blocking exchange, which has draining() instead.
  virtual begun begin_draining(operation&) noexcept = 0;

 protected:
  ~drain_notice() = default;
};

/// The notice of an exchange as blocking code sees it: asked, never waited for. For who makes blocking exchanges of others.
class polled_drain_notice final : public drain_notice {
 public:
  /// Stands for `other`; null where that is.
  drain_notice* in_place_of(drain_notice* other) noexcept {
    other_ = other;
    return other ? this : nullptr;
  }

  bool draining() const noexcept override { return other_->draining(); }
  begun begin_draining(operation& op) noexcept override {
    op.error = std::make_error_code(std::errc::operation_not_supported);
    return begun::completed;
  }

 private:
  drain_notice* other_ = nullptr;
};

/// `if (csgi::draining(ex)) …`: whether the server of this request is stopping; false where it does not say.
///
/// Threads:   the executor's, the handler's, or blocking code's that the coroutine waits for.
inline bool draining(exchange_handle ex) noexcept {
  const auto* const notice = ex.find<drain_notice>();
  return notice && notice->draining();
}

/// Resumes when the server of this request begins to stop; to be awaited beside something else, as an endless stream does:
///
///   auto either = csgi::when_any(csgi::server_drains(ex), csgi::sleep_for(1s));
///   const auto which = co_await std::move(either);       // index() 0: time for a farewell
///
/// Where the server does not say, it waits until it is stopped, as with a server that never drains.
/// Errors:    cancelled, when the exchange is to end; disconnected; error(operation_not_supported) in a blocking app.
/// Requires:  an async app's exchange.
inline auto server_drains(async_exchange ex) noexcept {
  return await_operation<"server_drains">(operation{}, [x = &ex.raw()](operation& op) noexcept {
    if (auto* const notice = static_cast<drain_notice*>(x->find(drain_notice::id))) return notice->begin_draining(op);
    op.server = &x->executor();
    op.stop = [](operation& o) noexcept {
      o.error = std::make_error_code(std::errc::operation_canceled);
      post_done(*static_cast<executor*>(o.server), o);
    };
    return begun::pending;
  });
}

}}  // namespace csgi::v1
