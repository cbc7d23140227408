// csgi/middleware/timing.hpp - middleware: tells the client how long its request has taken.
#pragma once
#include <csgi/middleware/hooks.hpp>

namespace csgi { inline namespace v1 {

/// See timing.
class timing_hooks final : public hooks {
 public:
  static constexpr std::string_view name = "csgi::timing";

  using hooks::hooks;

 private:
  void on_start(head_edit& head) override;
  void on_body(std::string_view bytes, std::string& out) override;
  void on_flush(std::string& out) override;
  void on_finish(std::string& out) override;

  clock::time_point begun_ = clock::now();
  std::string held_;            // a "}" that may be the last one, and white space behind it
  char first_ = 0;              // of the body, and the last before held_, white space aside
  char last_ = 0;
};

/// Adds a Server-Timing field, until the head was started; and to a JSON object "elapsed_ms", until it was finished:
///
///   server-timing: app;dur=1.234
///   {"id":7,"elapsed_ms":1.301}
///
/// Only a closing brace is held back, so that a body of any size streams through. What was flushed as a whole object is
/// left as it is; so is a body with a Content-Encoding, one that is no object, and a WebSocket.
using timing = hooked<timing_hooks>;

}}  // namespace csgi::v1
