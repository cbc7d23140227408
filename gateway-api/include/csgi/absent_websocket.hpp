// csgi/absent_websocket.hpp - the WebSocket where none is offered: nothing comes of whatever is asked of it.
#pragma once
#include <csgi/websocket.hpp>

namespace csgi { inline namespace v1 {

/// What an empty handle stands for, so that one which nobody has looked at is an error and no crash.
///
/// Its operations are cold, lest a compiler that sees no other WebSocket takes this one for what is called.
///
/// Threads:   any.
/// Errors:    operation_not_permitted, of every operation.
class absent_websocket final : public websocket {
 public:
  [[gnu::cold]] begun begin_accept(accept_op& op) noexcept override { return refuse(op); }
  [[gnu::cold]] begun begin_receive(receive_op& op) noexcept override {
    op.got = {.open = false};
    return refuse(op);
  }
  [[gnu::cold]] begun begin_send(send_op& op) noexcept override { return refuse(op); }
  [[gnu::cold]] begun begin_close(close_op& op) noexcept override { return refuse(op); }

  bool accepted() const noexcept override { return false; }
  websocket_end end() const noexcept override { return {}; }

 private:
  static begun refuse(operation& op) noexcept {
    op.error = std::make_error_code(std::errc::operation_not_permitted);
    return begun::completed;
  }
};

/// It has no state, so that all handles share one.
inline constinit absent_websocket no_websocket{};

}}  // namespace csgi::v1
