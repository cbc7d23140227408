// csgi/middleware/body_limit.hpp - middleware: request bodies above a size are refused.
#pragma once
#include <csgi/middleware/hooks.hpp>
#include <csgi/middleware/watched_read.hpp>

namespace csgi { inline namespace v1 {

/// See body_limit.
class body_limit_hooks final : public hooks {
 public:
  static constexpr std::string_view name = "csgi::body_limit";

  body_limit_hooks(exchange& next, std::uint64_t most) noexcept : hooks(next), left_(most) {}

  std::optional<ready_response> on_request(const request& head) override;
  std::optional<ready_response> on_failure(const std::exception_ptr&) override;
  begun begin_read(read_op& op) noexcept override;

 private:
  void count(read_op& op) noexcept;

  watched_read reads_{this, [](void* view, read_op& ended) noexcept { static_cast<body_limit_hooks*>(view)->count(ended); }};
  std::uint64_t left_;
  bool exceeded_ = false;
};

/// A limit of its own for a part of an app, below the server's: `csgi::body_limit(64 * 1024)`, in bytes.
///
/// A Content-Length above it is answered with 413 before the app is called. Of any other body, reads fail with message_size
/// once there are more bytes; an app that ends with an exception then, nothing being committed, is answered with 413. Messages of
/// a WebSocket, and what is read after an upgrade, are no body: server_limits::websocket_message is for those.
using body_limit = hooked<body_limit_hooks, std::uint64_t>;

}}  // namespace csgi::v1
