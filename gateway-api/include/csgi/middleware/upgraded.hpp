// csgi/middleware/upgraded.hpp - whether what goes on in an exchange is no response any more.
#pragma once
#include <csgi/exchange.hpp>
#include <csgi/upgrade.hpp>
#include <csgi/websocket.hpp>

namespace csgi { inline namespace v1 {

/// Whether an app has accepted a WebSocket.
inline bool is_websocket(exchange& x) noexcept {
  auto* const socket = x.phase() < phase::committed ? nullptr : static_cast<websocket*>(x.find(websocket::id));
  return socket && socket->accepted();
}

/// Whether it has, or has made the connection a stream of bytes: what is read is no request body, what is written no response.
inline bool is_upgraded(exchange& x) noexcept {
  auto* const stream = x.phase() < phase::committed ? nullptr : static_cast<upgrade*>(x.find(upgrade::id));
  return (stream && stream->upgraded()) || is_websocket(x);
}

}}  // namespace csgi::v1
