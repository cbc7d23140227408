// csgi/serving/byte_stream.hpp - what a WebSocket conversation runs over: the connection of a request that is upgraded.
#pragma once
#include <csgi/executor.hpp>
#include <csgi/upgrade.hpp>
#include <string>

namespace csgi { inline namespace v1 {

/// A server's connection as its own websocket_session uses it, past what the app may do with the exchange.
///
/// Threads:   those of the exchange; one read and one write may be pending together.
class byte_stream {
 public:
  /// upgrade::begin_upgrade().
  virtual begun begin_upgrade(upgrade_op&) noexcept = 0;

  /// Completes with some bytes, which may be changed in place until the next read, or none at the end.
  ///
  /// Errors:    timed_out, where nothing has come for `limit`; connection_reset, operation_canceled, operation_in_progress.
  virtual begun begin_read(read_op&, clock::duration limit) noexcept = 0;

  /// The read at hand waits so long from now on. Requires: one is pending, or blocks.
  virtual void wait_for(clock::duration limit) noexcept = 0;

  /// The bytes of the last read stay as they are, whatever is read, until they are taken back or others are set aside.
  virtual void set_aside() noexcept = 0;

  /// Nobody looks at what was set aside any more.
  virtual void take_back() noexcept = 0;

  /// What is appended here leaves before the bytes of the next write, in one go with them. Requires: no write is pending.
  virtual std::string& output() noexcept = 0;

  /// exchange::begin_write().
  virtual begun begin_write(write_op&) noexcept = 0;

  /// exchange::abort().
  virtual void abort(std::errc reason) noexcept = 0;

  virtual csgi::executor& executor() noexcept = 0;

  /// True: operations wait inside of their begin. False: nothing blocks.
  virtual bool blocks() const noexcept = 0;

 protected:
  ~byte_stream() = default;
};

}}  // namespace csgi::v1
