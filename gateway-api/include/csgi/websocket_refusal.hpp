// csgi/websocket_refusal.hpp - what is answered where only a WebSocket is served, and there is none.
#pragma once
#include <csgi/drain_notice.hpp>
#include <csgi/field_syntax.hpp>

namespace csgi { inline namespace v1 {

/// Whether the elements of all fields of that name include `element`, in any case.
inline bool any_lists(std::span<const field> fields, std::string_view name, std::string_view element) noexcept {
  for (const field& f : fields) {
    if (!same_name(f.name, name)) continue;
    for (auto rest = f.value; !rest.empty();)
      if (same_name(next_element(rest), element)) return true;
  }
  return false;
}

/// Whether the client wants a WebSocket.
inline bool is_websocket_handshake(const request& head) noexcept {
  return head.method == "GET" && head.version == http_version::http_1_1 && any_lists(head.fields, "connection", "upgrade") &&
         any_lists(head.fields, "upgrade", "websocket");
}

struct websocket_refusal {
  int status;
  std::string_view text;
};

/// 426 for a request that is no handshake, as the client can help that. Else 503 where the server is stopping, and 501 where
/// nobody offers a WebSocket here: a server may do so to apps of one kind only.
inline websocket_refusal refusal_without_websocket(exchange_handle ex) noexcept {
  if (!is_websocket_handshake(ex.head())) return {426, "This is a WebSocket: a handshake is wanted (RFC 6455).\n"};
  if (draining(ex)) return {503, "The server is stopping: no WebSocket is opened any more.\n"};
  return {501, "This is a WebSocket, and the server offers none to this app: perhaps to coroutines only, or not behind what is around it.\n"};
}

}}  // namespace csgi::v1
