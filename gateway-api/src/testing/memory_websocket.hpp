// memory_websocket.hpp - the WebSocket of an exchange in memory: that of servers, over bytes that no wire carries.
#pragma once
#include <csgi/serving/websocket_session.hpp>
#include <csgi/testing/memory_exchange.hpp>

namespace csgi::testing {

/// Lifetime:  the exchange's.
/// Threads:   those of the app; when that is done, the loop's.
class memory_websocket final : public websocket, private byte_stream {
 public:
  explicit memory_websocket(memory_exchange& of);
  memory_websocket(const memory_websocket&) = delete;
  memory_websocket& operator=(const memory_websocket&) = delete;

  websocket_session& session() noexcept { return session_; }

  // csgi::websocket
  begun begin_accept(accept_op& op) noexcept override;
  begun begin_receive(receive_op& op) noexcept override;
  begun begin_send(send_op& op) noexcept override;
  begun begin_close(close_op& op) noexcept override;
  bool accepted() const noexcept override { return session_.accepted(); }
  websocket_end end() const noexcept override { return session_.end(); }

 private:
  void judge_turn(const char* call) noexcept;
  template <class Operation, class Begin>
  begun perform(const char* call, Operation& op, Begin begin) noexcept;

  // byte_stream
  begun begin_upgrade(upgrade_op& op) noexcept override;
  begun begin_read(read_op& op, clock::duration limit) noexcept override { return exchange_.begin_raw_read(op, limit); }
  void wait_for(clock::duration limit) noexcept override;
  void set_aside() noexcept override;
  void take_back() noexcept override;
  std::string& output() noexcept override { return output_; }
  begun begin_write(write_op& op) noexcept override;
  void abort(std::errc reason) noexcept override;
  csgi::executor& executor() noexcept override;
  bool blocks() const noexcept override { return exchange_.blocks_; }

  memory_exchange& exchange_;
  websocket_settings settings_;
  std::string output_;
  websocket_session session_;
  bool has_closed_ = false;     // the app
};

}  // namespace csgi::testing
