// csgi/middleware/access_log.hpp - middleware: one entry for each request, when it is over.
#pragma once
#include <csgi/middleware/hooks.hpp>
#include <functional>

namespace csgi { inline namespace v1 {

struct access_entry {
  std::string method;
  std::string target;           ///< as the client sent it: who writes lines makes control characters visible
  std::string peer;             ///< its address
  http_version version = http_version::http_1_1;
  std::string id;               ///< request_id, where there is one
  outcome how;                  ///< what the client got
  clock::duration took{};       ///< from the call of the app
};

struct access_log_settings {
  /// Is given each entry, on a thread of the server's, several at the same time; for async apps it must not block. Null: the
  /// log_sink gets "200 after 1.234 ms" when the app is done, which is before the client has got everything.
  std::function<void(const access_entry&)> write = {};
};

/// See access_log.
class access_log_hooks final : public hooks {
 public:
  static constexpr std::string_view name = "csgi::access_log";

  access_log_hooks(exchange& next, const access_log_settings& settings) noexcept : hooks(next), settings_(settings) {}
  ~access_log_hooks();

  std::optional<ready_response> on_request(const request& head) override;

 private:
  void on_start(head_edit& head) override { status_ = head.status; }

  const access_log_settings& settings_;
  clock::time_point begun_ = clock::now();
  int status_ = 0;
};

/// Changes nothing. A WebSocket has one entry, with 101, when it is over. Outermost, it sees what the others make of a request; innermost, what the app does.
///
/// Errors:    std::bad_alloc. What `write` throws is dropped.
using access_log = hooked<access_log_hooks, access_log_settings>;

}}  // namespace csgi::v1
