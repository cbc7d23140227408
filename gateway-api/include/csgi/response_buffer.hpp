// csgi/response_buffer.hpp - extension: how much of a response waits to be sent, and how much may.
#pragma once
#include <csgi/async_exchange.hpp>
#include <csgi/blocking_exchange.hpp>

namespace csgi { inline namespace v1 {

/// Waits until little of what was written is left.
struct drain_op : operation {
  std::size_t most = 0;             ///< bytes that may still wait; 0: everything is with the operating system
};

/// A write completes when the server has taken its bytes over, which it does up to a mark. Who sends what is only worth sending
/// fresh looks at what is left, and who streams over a slow line sets the mark.
///
/// Lifetime:  the exchange's.
/// Threads:   the executor's own.
/// Spec:      CSGI-EXT-056 to CSGI-EXT-058
class response_buffer {
 public:
  static constexpr extension_id id{"csgi.response_buffer", touches::nothing};

  /// Bytes that the server has taken over and not handed to the operating system, framing among them.
  virtual std::size_t buffered() const noexcept = 0;

  /// Above so many bytes writes wait, but for the one that finishes the response.
  virtual std::size_t high_water() const noexcept = 0;

  /// Sets that mark, for this exchange. Limits: at most 1 MiB; more counts as that.
  virtual void set_high_water(std::size_t bytes) noexcept = 0;

  /// Completes when at most `most` bytes are buffered. One at a time may be pending, beside operations of other kinds.
  ///
  /// Errors:    those of exchange::begin_write.
  virtual begun begin_drained(drain_op&) noexcept = 0;

 protected:
  ~response_buffer() = default;
};

/// `co_await csgi::drained(ex)`: what was written is with the operating system, but for `most` bytes. Where nobody knows, it
/// resumes at once.
///
/// Errors:    disconnected; cancelled; timed_out.
inline auto drained(async_exchange ex, std::size_t most = 0) noexcept {
  drain_op op;
  op.most = most;
  return await_operation<"drained">(op, [x = ex.find<response_buffer>()](drain_op& o) noexcept {
    return x ? x->begin_drained(o) : begun::completed;
  });
}

/// The same for a blocking app.
inline void drained(blocking_exchange ex, std::size_t most = 0) {
  auto* const buffer = ex.find<response_buffer>();
  if (!buffer) return;
  drain_op op;
  op.most = most;
  buffer->begin_drained(op);
  if (op.error) raise(op.error, "drained");
}

}}  // namespace csgi::v1
